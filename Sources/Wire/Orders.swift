// What orders are given with: the JSON object in their body. A key that is not declared is refused: a
// misspelt `view` must not widen a withdrawal to the whole SKU.

/// What is to go, or may be there again, everywhere or on one channel, and why.
package struct WithdrawOrder: Arguments, Hashable {
    package static let declared = [
        Parameter.sku(required: true, "the SKU"),
        Parameter("view", .text, "one view; all when not given"),
        Parameter("number", .number, "one number of the view; all when not given"),
        Parameter("variant", .text, "one variant of the view; all when not given"),
        Parameter.channel(),
        Parameter(
            "because", .text, required: true, "why; kept in the history", placeholder: "REASON"),
    ]

    package var sku: String
    /// Nil: every view.
    package var view: String?
    /// Nil: every number of the view.
    package var number: Int?
    /// Nil: every variant of the view.
    package var variant: String?
    /// Nil: every channel.
    package var channel: String?
    package var because: String

    package init(
        sku: String, view: String? = nil, number: Int? = nil, variant: String? = nil,
        channel: String? = nil, because: String
    ) {
        self.sku = sku
        self.view = view
        self.number = number
        self.variant = variant
        self.channel = channel
        self.because = because
    }

    package func check() throws(OperationError) {
        guard because.contains(where: { !$0.isWhitespace }) else {
            throw OperationError(400, "a withdrawal needs a reason", next: "say it in 'because'")
        }
        try mustNameView(view, number, variant)
    }
}

/// What is to be done before all that waits.
package struct BumpOrder: Arguments, Hashable {
    package static let declared = [
        Parameter.sku(required: true, "the SKU"),
        Parameter("view", .text, "one view; all when not given"),
        Parameter("number", .number, "one number of the view; all when not given"),
        Parameter("variant", .text, "one variant of the view; all when not given"),
        Parameter.channel(),
    ]

    package var sku: String
    /// Nil: every view.
    package var view: String?
    /// Nil: every number of the view.
    package var number: Int?
    /// Nil: every variant of the view.
    package var variant: String?
    /// Nil: every channel.
    package var channel: String?

    package init(
        sku: String, view: String? = nil, number: Int? = nil, variant: String? = nil,
        channel: String? = nil
    ) {
        self.sku = sku
        self.view = view
        self.number = number
        self.variant = variant
        self.channel = channel
    }

    package func check() throws(OperationError) {
        try mustNameView(view, number, variant)
    }
}

package struct RetryOrder: Arguments, Hashable {
    package static let declared = [
        Parameter.sku(required: false, "one SKU; all of the channel's when not given"),
        Parameter.channel(),
        Parameter("cause", .text, "what failed for this, as status words it; all when not given"),
    ]

    /// Nil: every one of the channel's.
    package var sku: String?
    /// Nil: wherever the SKU waits.
    package var channel: String?
    /// Nil: whatever failed.
    package var cause: String?

    package init(sku: String? = nil, channel: String? = nil, cause: String? = nil) {
        self.sku = sku
        self.channel = channel
        self.cause = cause
    }

    package func check() throws(OperationError) {
        guard sku == nil, channel == nil else { return }
        throw OperationError(400, "name a SKU or a channel")
    }
}

package struct HoldOrder: Arguments, Hashable {
    package static let declared = [
        Parameter.channel(required: true),
        Parameter("because", .text, "why; status shows it", placeholder: "REASON"),
        Parameter("everything", .flag, "do not even take down what must go"),
    ]

    package var channel: String
    package var because: String?
    /// Not even what must go may go; nil: it may.
    package var everything: Bool?

    package init(channel: String, because: String? = nil, everything: Bool? = nil) {
        self.channel = channel
        self.because = because
        self.everything = everything
    }
}

package struct ChannelOrder: Arguments, Hashable {
    package static let declared = [Parameter.channel(required: true)]

    package var channel: String

    package init(channel: String) { self.channel = channel }
}

/// What was handed over to a person is where it shall be.
package struct DoneOrder: Arguments, Hashable {
    package static let declared = [
        Parameter.channel(required: true),
        Parameter(
            "manifest", .number, required: true, "the list's number, as 'GET /v1/handed' tells it",
            placeholder: "NUMBER"),
        Parameter(
            "items", .texts, "names and SKUs of it; all of it when not given",
            placeholder: "NAME-OR-SKU"),
    ]

    package var channel: String
    package var manifest: Int
    /// Nil: all that the list tells of.
    package var items: [String]?

    package init(channel: String, manifest: Int, items: [String]? = nil) {
        self.channel = channel
        self.manifest = manifest
        self.items = items
    }
}

/// What only a person can know.
package struct AttestOrder: Arguments, Hashable {
    package static let declared = [
        Parameter.channel(required: true),
        Parameter(
            "items", .texts, "names and SKUs; all that must go when not given",
            placeholder: "NAME-OR-SKU"),
        Parameter(
            "because", .text, required: true, "how that is known; kept in receipts and history",
            placeholder: "REASON"),
    ]

    package var channel: String
    /// Nil: all that must go and is not proven absent.
    package var items: [String]?
    package var because: String

    package init(channel: String, items: [String]? = nil, because: String) {
        self.channel = channel
        self.items = items
        self.because = because
    }

    package func check() throws(OperationError) {
        guard because.contains(where: { !$0.isWhitespace }) else {
            throw OperationError(
                400, "whoever attests something says how it is known", next: "say it in 'because'")
        }
    }
}

/// Either `paths` or `all`.
package struct DismissOrder: Arguments, Hashable {
    package static let declared = [
        Parameter(
            "paths", .texts, "files, as 'GET /v1/quarantine' names them", placeholder: "PATH"),
        Parameter("all", .flag, "all that are in quarantine now, instead"),
    ]

    package var paths: [String]?
    package var all: Bool?

    package init(paths: [String]?, all: Bool?) {
        self.paths = paths
        self.all = all
    }

    package func check() throws(OperationError) {
        guard (paths?.isEmpty ?? true) != (all ?? false) else { return }
        throw OperationError(400, "either 'paths' or 'all: true' is wanted")
    }
}

package struct ForgetOrder: Arguments, Hashable {
    package static let declared = [
        Parameter.channel(required: true),
        Parameter("leave", .flag, "what is there stays, and nobody looks after it any more"),
    ]

    package var channel: String
    /// What is there stays, unmanaged; nil: no.
    package var leave: Bool?

    package init(channel: String, leave: Bool? = nil) {
        self.channel = channel
        self.leave = leave
    }
}

private func mustNameView(
    _ view: String?, _ number: Int?, _ variant: String?
) throws(OperationError) {
    guard view != nil || number == nil && variant == nil else {
        throw OperationError(400, "a number or variant without a view", next: "name the view too")
    }
}
