internal import ArgumentParser

struct Test: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the tests that profiles carry.")

    @OptionGroup var options: Options

    func run() async throws {
        throw Failure.couldNot("'sluice test' is not built yet")
    }
}
