internal import ArgumentParser
internal import Wire

struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try again now what failed on a channel.")

    @OptionGroup var options: Options
    @Option(help: "The channel.") var channel: String
    @Option(help: "Only what failed for this cause, as 'sluice status' words it.")
    var cause: String?

    func run() async throws {
        try await order(options, Operations.retry, RetryOrder(channel: channel, cause: cause))
    }
}
