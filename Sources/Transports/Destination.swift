package import Model

/// Where files go, as a profile's `deliver:` says it: what all transports have, and the options of one.
package struct Destination: Sendable, Equatable {
    package var options: any TransportOptions
    /// Transfers at one time.
    package var sessions: Int
    /// Transfers started per minute; nil: no limit.
    package var perMinute: Int?
    /// Bytes sent in a second, by all sessions together; nil: no limit.
    package var bandwidth: Int64?
    /// Its owner picks files up at once: one that was put and is gone has arrived.
    package var collects: Bool
    /// Outside of them only what must go is taken away; nil: always.
    package var hours: DeliveryHours?
    /// Whoever brings what lies there to its final place; nil: it is there already.
    package var hand: Hand?
    /// Files that are live and are asked for in an hour whether they are there as they were; 0: none.
    package var patrol = 360
    /// What the channel makes of what it is given; nil: it keeps it as it is.
    package var transforms: Transformation?

    package init(
        _ options: any TransportOptions, sessions: Int = 2, perMinute: Int? = nil,
        bandwidth: Int64? = nil, hours: DeliveryHours? = nil, collects: Bool = false,
        hand: Hand? = nil
    ) {
        self.options = options
        self.sessions = sessions
        self.perMinute = perMinute
        self.bandwidth = bandwidth
        self.hours = hours
        self.collects = collects
        self.hand = hand
    }

    package var address: DestinationAddress { options.address }

    /// Where what is sent ends, in words: a channel that says something else now lies elsewhere. Of where a
    /// person brings it to, nothing is known but that it is not here.
    package var place: String { address.description + (hand == nil ? "" : Self.broughtOn) }

    /// Ends the words for a place that files are fetched from.
    package static let broughtOn = ", from where a person brings it on"

    /// Its files lie there, whoever brings them on.
    package func liesAt(_ place: String) -> Bool {
        [address.description, address.description + Self.broughtOn].contains(place)
    }

    package func makeTransport(_ means: TransportMeans) throws(DeliveryError) -> any Transport {
        let transport = try options.makeTransport(means)
        return collects ? CollectedTransport(transport, address) : transport
    }

    /// One connection serves both.
    package func isSamePlace(as other: Destination) -> Bool {
        options.isSame(as: other.options) && sessions == other.sessions
            && bandwidth == other.bandwidth && collects == other.collects
    }

    package static func == (one: Self, other: Self) -> Bool {
        one.isSamePlace(as: other) && one.perMinute == other.perMinute && one.hours == other.hours
            && one.hand == other.hand
            && one.patrol == other.patrol && one.transforms == other.transforms
    }
}
