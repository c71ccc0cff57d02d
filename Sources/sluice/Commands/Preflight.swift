internal import ArgumentParser

struct Preflight: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Would the pictures of this directory pass, every channel?")

    @OptionGroup var options: Options
    @Argument(help: "The directory.") var directory: String

    func run() async throws {}
}
