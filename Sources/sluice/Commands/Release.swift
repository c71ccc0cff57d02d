internal import ArgumentParser
internal import Control

struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let pass what a guard has held.",
        discussion:
            "On a channel: replacements and removals beyond its limits, and its feed. 'products': the "
            + "product tables that are not taken, as they are now.")

    @OptionGroup var options: Options
    @Argument(help: "The channel, or 'products'.") var channel: String

    func run() async throws {
        try await order(options, "/v1/release", ChannelOrder(channel: channel))
    }
}
