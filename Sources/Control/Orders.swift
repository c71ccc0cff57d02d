/// The body of a POST. A key that is not in `Keys` is refused: a misspelt `view` must not widen
/// a withdrawal to the whole SKU.
package protocol Order: Codable, Sendable {
    associatedtype Keys: CodingKey & CaseIterable
}

/// `POST /v1/withdraw` and `POST /v1/reinstate`: what is to go, or may be there again, everywhere or
/// on one channel, and why.
package struct WithdrawOrder: Order, Hashable {
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case sku, view, number, variant, channel, because
    }
    package typealias Keys = CodingKeys

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
}

/// `POST /v1/retry`
package struct RetryOrder: Order, Hashable {
    package enum CodingKeys: String, CodingKey, CaseIterable { case channel, cause }
    package typealias Keys = CodingKeys

    package var channel: String
    /// Nil: whatever failed.
    package var cause: String?

    package init(channel: String, cause: String? = nil) {
        self.channel = channel
        self.cause = cause
    }
}

/// `POST /v1/hold`
package struct HoldOrder: Order, Hashable {
    package enum CodingKeys: String, CodingKey, CaseIterable { case channel, because, everything }
    package typealias Keys = CodingKeys

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

/// `POST /v1/resume` and `POST /v1/release`
package struct ChannelOrder: Order, Hashable {
    package enum CodingKeys: String, CodingKey, CaseIterable { case channel }
    package typealias Keys = CodingKeys

    package var channel: String

    package init(channel: String) { self.channel = channel }
}

/// `POST /v1/quarantine/dismiss`: either `paths` or `all`.
package struct DismissOrder: Order, Hashable {
    package enum CodingKeys: String, CodingKey, CaseIterable { case paths, all }
    package typealias Keys = CodingKeys

    package var paths: [String]?
    package var all: Bool?

    package init(paths: [String]?, all: Bool?) {
        self.paths = paths
        self.all = all
    }
}

/// `POST /v1/forget`
package struct ForgetOrder: Order, Hashable {
    package enum CodingKeys: String, CodingKey, CaseIterable { case channel, leave }
    package typealias Keys = CodingKeys

    package var channel: String
    /// What is there stays, unmanaged; nil: no.
    package var leave: Bool?

    package init(channel: String, leave: Bool? = nil) {
        self.channel = channel
        self.leave = leave
    }
}

/// `POST /v1/reload`
package struct ReloadOrder: Order, Hashable {
    package enum CodingKeys: CodingKey, CaseIterable {}
    package typealias Keys = CodingKeys

    package init() {}
    package init(from decoder: any Decoder) throws {}
    package func encode(to encoder: any Encoder) throws {
        _ = encoder.container(keyedBy: CodingKeys.self)
    }
}
