internal import ArgumentParser
internal import Wire

struct Bump: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Do a SKU's pictures before all that waits.",
        discussion: """
            They are looked into, rendered and sent first, until they are there. Holds, pauses, rates and \
            guards count for them as for all.
            """)

    @OptionGroup var options: Options
    @OptionGroup var what: Pictures
    @Option(help: "One channel; all when not given.") var channel: String?

    func run() async throws {
        try await order(
            options, Operations.bump,
            BumpOrder(
                sku: what.sku, view: what.view, number: what.number, variant: what.variant,
                channel: channel))
    }
}
