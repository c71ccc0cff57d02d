internal import ArgumentParser
internal import Model
internal import Wire

struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let pass what a guard has held.",
        discussion: """
            On a channel: replacements and removals beyond its limits, what waits behind them, so that \
            one decision is asked for once, and its feed; --dry-run shows all of it, as 'sluice list \
            due' does. 'products': the product tables that are not taken, as they are now.
            """)

    @OptionGroup var options: Options
    @Flag(help: "Only show what would pass.") var dryRun = false
    @Argument(help: "The channel, or 'products'.") var channel: String

    func validate() throws {
        guard dryRun, channel == "products" else { return }
        throw ValidationError(
            "--dry-run goes with a channel; 'sluice status' says what is missing in the product tables"
        )
    }

    func run() async throws {
        if dryRun {
            return try await Pages(options: options).show(ListQuestion(.due, channel: channel))
        }
        try await order(options, Operations.release, ChannelOrder(channel: channel))
    }
}
