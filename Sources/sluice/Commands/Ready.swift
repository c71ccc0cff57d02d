internal import ArgumentParser
internal import Model
internal import Wire

struct Ready: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Which products lack pictures, and which pictures a product?",
        discussion: "Exit status 1 when something is missing.")

    @OptionGroup var options: Options
    @Option(help: "One channel; all when not given.") var channel: String?

    func run() async throws {
        let answer = try await ask(options, Operations.ready, ReadyQuestion(channel: channel)) {
            ReadyText(page: $1).lines($0)
        }
        try needPerson(if: !answer.isReady)
    }
}
