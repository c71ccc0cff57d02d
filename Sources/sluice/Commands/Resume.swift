internal import ArgumentParser
internal import Wire

struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Let a held channel go on.")

    @OptionGroup var options: Options
    @Argument(help: "The channel.") var channel: String

    func run() async throws {
        try await order(options, Operations.resume, ChannelOrder(channel: channel))
    }
}
