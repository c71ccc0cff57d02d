internal import Foundation
package import Model

// What questions are asked with. An argument is a property and a line of `declared`.

extension Parameter {
    static func sku(required: Bool, _ what: String = "one SKU; all when not given") -> Self {
        Parameter("sku", .text, required: required, what)
    }

    static func channel(required: Bool = false) -> Self {
        Parameter(
            "channel", .text, required: required,
            required ? "the channel" : "one channel; all when not given")
    }
}

package struct StatusQuestion: Arguments, Hashable {
    package static let declared = [
        Parameter(
            "look", .text,
            "'new' asks whether all is done that lies there now; asked again with the answer's "
                + "'look', until 'idle' is true, it is")
    ]

    /// An earlier answer's `look`: is all done that lay there when that was given? Anything else asks
    /// so anew; nil does not ask.
    package var look: String?

    package init(look: String? = nil) { self.look = look }
}

package struct WhyQuestion: Arguments, Hashable {
    package static let declared = [
        Parameter.sku(required: true, "the SKU"), Parameter.channel(),
    ]

    package var sku: String
    package var channel: String?

    package init(sku: String, channel: String? = nil) {
        self.sku = sku
        self.channel = channel
    }
}

package struct LiveQuestion: Arguments, Hashable {
    package static let declared = [Parameter.sku(required: true, "the SKU")]

    package var sku: String

    package init(sku: String) { self.sku = sku }
}

/// One of `sku`, `name` and `hash`; the first that is there counts.
package struct ReceiptQuestion: Arguments, Hashable {
    package static let declared = [
        Parameter.sku(required: false, "of all files of this SKU"),
        Parameter.channel(),
        Parameter("name", .text, "of a file's name on a channel, or its address"),
        Parameter(
            "hash", .sha256, "of a file with these bytes, or all made of them",
            placeholder: "SHA256"),
    ]

    package var sku: String?
    /// Of a SKU.
    package var channel: String?
    /// On a channel.
    package var name: String?
    /// Of a rendition's bytes, or of a master's.
    package var hash: ContentHash?

    package init(
        sku: String? = nil, channel: String? = nil, name: String? = nil, hash: ContentHash? = nil
    ) {
        self.sku = sku
        self.channel = channel
        self.name = name
        self.hash = hash
    }

    package func check() throws(OperationError) {
        guard sku?.isEmpty ?? true, name?.isEmpty ?? true, hash == nil else { return }
        throw OperationError(
            400, "'sku', 'name' or 'hash' (64 hexadecimal digits) is missing",
            next: "/\(Endpoint.version)/receipt?sku=SKU")
    }
}

package struct ReadyQuestion: Arguments {
    package static let declared = [Parameter.channel()]

    package var channel: String?

    package init(channel: String? = nil) { self.channel = channel }
}

package struct UpcomingQuestion: Arguments {
    package static let declared = [
        Parameter(
            "until", .moment, required: true, "a day, to its end, or a time", placeholder: "DAY"),
        Parameter.channel(),
    ]

    package var until: Horizon
    package var channel: String?

    package init(until: Horizon, channel: String? = nil) {
        self.until = until
        self.channel = channel
    }
}

package struct WithdrawnQuestion: Arguments, Hashable {
    package static let declared = [
        Parameter("hash", .sha256, required: true, "a master's bytes", placeholder: "SHA256")
    ]

    package var hash: ContentHash

    package init(hash: ContentHash) { self.hash = hash }
}

package struct EventsQuestion: Arguments, Hashable {
    package static let declared = [
        Parameter(
            "after", .number, "an event's id: those that follow it, then new ones",
            placeholder: "ID")
    ]

    /// Nil: from now on.
    package var after: Int64?

    package init(after: Int64? = nil) { self.after = after }
}
