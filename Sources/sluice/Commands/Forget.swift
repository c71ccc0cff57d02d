internal import ArgumentParser
internal import Wire

struct Forget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End a channel whose profile is gone.",
        discussion: """
            What it knew of the channel goes; the history stays. Refused while something may be \
            there: to take everything down, put the profile back with 'state: retired'.
            """)

    @OptionGroup var options: Options
    @Flag(help: "What is there stays, and nobody looks after it any more.") var leave = false
    @Argument(help: "The channel.") var channel: String

    func run() async throws {
        try await order(
            options, Operations.forget, ForgetOrder(channel: channel, leave: leave ? true : nil))
    }
}
