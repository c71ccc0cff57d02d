internal import ArgumentParser
internal import Control

struct Hold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop a channel; what is live there stays.")

    @OptionGroup var options: Options
    @Argument(help: "The channel.") var channel: String
    @Option(help: "Why; status shows it.") var because: String?

    func run() async throws {
        try await order(options, "/v1/hold", HoldOrder(channel: channel, because: because))
    }
}
