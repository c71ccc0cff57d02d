internal import ArgumentParser
internal import Control
internal import Model

struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let pass the surplus of replacements and removals that a guard has held.",
        discussion: """
            Also what waits behind it, so that one decision is asked for once; --dry-run shows all \
            of it, as 'sluice list due' does.
            """)

    @OptionGroup var options: Options
    @Flag(help: "Only show what would pass.") var dryRun = false
    @Argument(help: "The channel.") var channel: String

    func run() async throws {
        if dryRun {
            return try await Pages(options: options).show(ListQuestion(.due, channel: channel))
        }
        try await order(options, "/v1/release", ChannelOrder(channel: channel))
    }
}
