internal import ArgumentParser
internal import Wire

struct Withdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a SKU's pictures down: the licence ended.",
        discussion: "Status stays red until every one is proven gone.")

    @OptionGroup var options: Options
    @OptionGroup var what: Withdrawn

    func run() async throws {
        try await order(options, Operations.withdraw, what.order)
    }
}

/// A SKU's pictures, all or some of them.
struct Pictures: ParsableArguments {
    @Argument(help: "The SKU.") var sku: String
    @Option(help: "One view; all when not given.") var view: String?
    @Option(help: "One number of the view; all when not given.") var number: Int?
    @Option(help: "One variant of the view; all when not given.") var variant: String?

    func validate() throws {
        guard view != nil || number == nil && variant == nil else {
            throw ValidationError("--number and --variant go with --view")
        }
    }
}

/// What `withdraw` takes down, and `reinstate` lets be public again.
struct Withdrawn: ParsableArguments {
    @OptionGroup var pictures: Pictures
    @Option(help: "One channel; all when not given.") var channel: String?
    @Option(help: "Why; it is kept in the history.") var because: String

    func validate() throws {
        guard because.contains(where: { !$0.isWhitespace }) else {
            throw ValidationError("--because wants a reason")
        }
    }

    var order: WithdrawOrder {
        WithdrawOrder(
            sku: pictures.sku, view: pictures.view, number: pictures.number,
            variant: pictures.variant, channel: channel, because: because)
    }
}
