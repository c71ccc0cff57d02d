internal import ArgumentParser
internal import Wire

struct Reinstate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Undo a withdrawal: these pictures may be public again.",
        discussion: """
            Undoes the latest decision only, whichever command made it; what an earlier one took \
            down stays away until the command is given again.
            """)

    @OptionGroup var options: Options
    @OptionGroup var what: Withdrawn

    func run() async throws {
        try await order(options, Operations.reinstate, what.order)
    }
}
