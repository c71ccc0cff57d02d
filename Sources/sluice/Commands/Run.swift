internal import ArgumentParser

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the daemon.")

    @OptionGroup var options: Options

    func run() async throws {
        throw Failure.couldNot("'sluice run' is not built yet")
    }
}
