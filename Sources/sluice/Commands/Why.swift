internal import ArgumentParser
internal import Control
internal import Model

struct Why: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Why is this SKU not on that channel?",
        discussion:
            "Exit status 1 when a gate is closed or a feed leaves it out, 2 when the SKU is unknown."
    )

    @OptionGroup var options: Options
    @Argument(help: "The SKU.") var sku: String
    @Option(help: "One channel; all when not given.") var channel: String?

    func run() async throws {
        let answer = try await ask(options, WhyAnswer.self) {
            client async throws(Client.Failure) in
            try await client.get("/v1/why", query: [("sku", sku), ("channel", channel)])
        } text: { answer, page in
            WhyText.lines(answer, page)
        }
        let isRefused = answer.entries.contains(where: WhyText.needsPerson)
        try needPerson(
            if: isRefused || answer.quarantined.contains { !$0.dismissed }
                || !answer.omissions.isEmpty)
        if !answer.known { throw ExitCode(2) }
    }
}
