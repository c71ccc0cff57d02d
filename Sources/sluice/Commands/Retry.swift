internal import ArgumentParser
internal import Wire

struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try again now what failed of a SKU, or on a channel.")

    @OptionGroup var options: Options
    @Argument(help: "One SKU, wherever it waits; all of the channel's when not given.")
    var sku: String?
    @Option(help: "One channel.") var channel: String?
    @Option(help: "Only what failed for this cause, as 'sluice status' words it.")
    var cause: String?

    func validate() throws {
        guard sku == nil, channel == nil else { return }
        throw ValidationError(
            "name a SKU, or a channel with --channel; 'sluice status' says what failed where")
    }

    func run() async throws {
        try await order(
            options, Operations.retry, RetryOrder(sku: sku, channel: channel, cause: cause))
    }
}
