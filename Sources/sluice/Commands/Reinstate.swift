internal import ArgumentParser
internal import Control

struct Reinstate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Undo a withdrawal: these pictures may be public again.",
        discussion: """
            Undoes the latest decision only, whichever command made it; what an earlier one took \
            down stays away until the command is given again.
            """)

    @OptionGroup var options: Options
    @Argument(help: "The SKU.") var sku: String
    @Option(help: "One view; all when not given.") var view: String?
    @Option(help: "One number of the view; all when not given.") var number: Int?
    @Option(help: "What was withdrawn from one channel; all when not given.") var channel: String?
    @Option(help: "Why; it is kept in the history.") var because: String

    func validate() throws {
        guard number == nil || view != nil else {
            throw ValidationError("--number goes with --view")
        }
        guard because.contains(where: { !$0.isWhitespace }) else {
            throw ValidationError("--because wants a reason")
        }
    }

    func run() async throws {
        try await order(
            options, "/v1/reinstate",
            WithdrawOrder(
                sku: sku, view: view, number: number, channel: channel, because: because))
    }
}
