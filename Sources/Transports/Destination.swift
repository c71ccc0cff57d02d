package import Model

/// Where files go, as a profile's `deliver:` says it: what all transports have, and the options of one.
package struct Destination: Sendable, Equatable {
    package var options: any TransportOptions
    /// Transfers at one time.
    package var sessions: Int
    /// Transfers started per minute; nil: no limit.
    package var perMinute: Int?

    package init(_ options: any TransportOptions, sessions: Int = 2, perMinute: Int? = nil) {
        self.options = options
        self.sessions = sessions
        self.perMinute = perMinute
    }

    package var address: DestinationAddress { options.address }

    /// One connection serves both.
    package func isSamePlace(as other: Destination) -> Bool {
        options.isSame(as: other.options) && sessions == other.sessions
    }

    package static func == (one: Self, other: Self) -> Bool {
        one.isSamePlace(as: other) && one.perMinute == other.perMinute
    }
}
