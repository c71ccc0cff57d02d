internal import ArgumentParser
internal import Wire

struct Hold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop a channel; what is live there stays.",
        discussion: """
            What may not be there any more (withdrawn, out of its rights) is taken down all the \
            same, and the feed published without it, unless everything is held.
            """)

    @OptionGroup var options: Options
    @Argument(help: "The channel.") var channel: String
    @Option(help: "Why; status shows it.") var because: String?

    @Flag(help: "Do not even take down what must go.") var everything = false

    func run() async throws {
        try await order(
            options, Operations.hold,
            HoldOrder(channel: channel, because: because, everything: everything ? true : nil))
    }
}
