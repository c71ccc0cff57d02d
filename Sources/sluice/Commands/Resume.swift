internal import ArgumentParser
internal import Control

struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Let a held channel go on.")

    @OptionGroup var options: Options
    @Argument(help: "The channel.") var channel: String

    func run() async throws {
        try await order(options, "/v1/resume", ChannelOrder(channel: channel))
    }
}
