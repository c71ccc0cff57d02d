internal import ArgumentParser

struct Render: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Render a file as a channel would get it.")

    @OptionGroup var options: Options

    func run() async throws {
        throw Failure.couldNot("'sluice render' is not built yet")
    }
}
