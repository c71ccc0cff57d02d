internal import ArgumentParser
internal import Model
internal import SocketClient
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
        if dryRun { return try await showWhatWouldPass() }
        try await order(options, Operations.release, ChannelOrder(channel: channel))
    }

    /// The held edition of the feed first: it is no file of the list.
    private func showWhatWouldPass() async throws {
        let client = try options.client()
        let status: StatusAnswer
        do throws(Client.Failure) {
            status = try await client.call(Operations.status, StatusQuestion())
        } catch {
            throw Failure(error)
        }
        let feed = status.channels.first { $0.name == channel }?.feed
        let edition = feed.flatMap { feed in
            feed.held.map { why in
                var entry = ListAnswer.Entry(state: .held)
                (entry.channel, entry.name, entry.because) = (channel, feed.file, why)
                return entry
            }
        }
        let count = try await Pages(options: options).show(
            ListQuestion(.due, channel: channel), before: edition.map { [$0] } ?? [])
        if count == 0, !options.json, !Console.isTerminal {
            Console.show(["nothing is held on '\(channel)'"])
        }
    }
}
