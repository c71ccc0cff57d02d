internal import ArgumentParser

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check profiles, or whether a file would pass a channel.")

    @OptionGroup var options: Options

    func run() async throws {
        throw Failure.couldNot("'sluice check' is not built yet")
    }
}
