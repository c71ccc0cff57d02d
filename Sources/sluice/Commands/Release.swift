internal import ArgumentParser
internal import Control

struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let pass the surplus of replacements and removals that a guard has held.")

    @OptionGroup var options: Options
    @Argument(help: "The channel.") var channel: String

    func run() async throws {
        try await order(options, "/v1/release", ChannelOrder(channel: channel))
    }
}
