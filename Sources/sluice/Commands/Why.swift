internal import ArgumentParser
internal import Model
internal import Wire

struct Why: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Why is this SKU not on that channel?",
        discussion:
            "Exit status 1 when a gate is closed, a feed leaves it out or one with it waits, 2 when the SKU is unknown."
    )

    @OptionGroup var options: Options
    @Argument(help: "The SKU.") var sku: String
    @Option(help: "One channel; all when not given.") var channel: String?

    func run() async throws {
        let answer = try await ask(
            options, Operations.why, WhyQuestion(sku: sku, channel: channel)
        ) { answer, page in
            WhyText.lines(answer, page)
        }
        let isRefused = answer.entries.contains(where: WhyText.needsPerson)
        let isQuarantined = answer.quarantined.contains { !$0.dismissed }
        let waits =
            answer.heldFeeds?.isEmpty == false
            || answer.verdicts?.contains { $0.verdict == .rejected } == true
        try needPerson(if: isRefused || isQuarantined || waits || !answer.omissions.isEmpty)
        if !answer.known { throw ExitCode(2) }
    }
}
