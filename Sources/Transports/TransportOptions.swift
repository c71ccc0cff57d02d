package import Host
package import Model

/// What a profile says to one transport: where the files go and in what manner. Secrets are named,
/// never held. As long as they are equal the same connection serves.
package protocol TransportOptions: Sendable, Hashable {
    var target: Target { get set }

    /// Names of the credentials it needs.
    var credentials: [String] { get }

    /// Reads and checks the credentials, so a mistake in them is reported before anything is dialled;
    /// make a new one when they have changed. Opens nothing yet. Reads small files: call it where
    /// blocking is allowed.
    func makeTransport(_ means: TransportMeans) throws(DeliveryError) -> any Transport
}

extension TransportOptions {
    /// Where the files lie.
    package var address: DestinationAddress {
        get { target.address }
        set { target.address = newValue }
    }

    package func isSame(as other: any TransportOptions) -> Bool { other as? Self == self }

    func refusal(_ why: String) -> DeliveryError {
        DeliveryError("cannot use '\(address.description)': \(why)", remedy: .fixProfile)
    }
}

/// What transports are made with.
package struct TransportMeans: Sendable {
    package var credentials: Credentials
    package var timeouts: Timeouts
    package var clock: WallClock

    package init(
        credentials: Credentials, timeouts: Timeouts = Timeouts(), clock: WallClock = .system
    ) {
        self.credentials = credentials
        self.timeouts = timeouts
        self.clock = clock
    }
}
