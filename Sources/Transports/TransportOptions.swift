package import Curl
package import Host
package import Model

/// What a profile says to one transport: where the files go and in what manner. Secrets are named,
/// never held. As long as they are equal the same connection serves.
package protocol TransportOptions: Sendable, Hashable {
    var target: Target { get set }

    /// Names of the credentials it needs.
    var credentials: [String] { get }

    /// The program that prints its password; nil: none does.
    var passwordProgram: String? { get }

    /// Files in hand for each session: more than one where those that wait are asked for together.
    var filesPerSession: Int { get }

    /// Whether there is a marker for all that is sent, see `Transport.markBatch`.
    var marksBatches: Bool { get }

    /// What is sent is seen by nobody before a last step of ours: broken off before, it never will be. Without
    /// such a step the other side may have all of it, and show it whenever it likes.
    var showsByRename: Bool { get }

    /// The place says in its answer what it calls a file, which lies under no name of ours.
    var namesFiles: Bool { get }

    /// What of it can be read back that others have laid there, see `FetchingTransport`.
    var handsOut: HandsOut { get }

    /// What is allowed, was asked for by a key of its own, and should not go unseen; sentences for
    /// people.
    var cautions: [String] { get }

    /// Reads and checks the credentials, so a mistake in them is reported before anything is dialled;
    /// make a new one when they have changed. Opens nothing yet. Reads small files: call it where
    /// blocking is allowed.
    func makeTransport(_ means: TransportMeans) throws(DeliveryError) -> any Transport

    /// Asks the server for the key it is known by; nil where there is none (a folder, TLS).
    func showHostKey(_ timeouts: Timeouts) async throws(DeliveryError) -> ShownHostKey?
}

extension TransportOptions {
    package func showHostKey(_ timeouts: Timeouts) async throws(DeliveryError) -> ShownHostKey? {
        nil
    }

    package var passwordProgram: String? { nil }

    package var filesPerSession: Int { 1 }

    package var marksBatches: Bool { false }

    package var namesFiles: Bool { false }

    package var showsByRename: Bool { false }

    package var handsOut: HandsOut { .nothing }

    /// Where the files lie.
    package var address: DestinationAddress {
        get { target.address }
        set { target.address = newValue }
    }

    package var cautions: [String] { [] }

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
    /// Transfers at one time, at most.
    package var sessions: Int
    /// That all of them share; nil: no limit.
    package var bandwidth: Bandwidth?

    /// What killed attempts have left behind is cleared away: the daemon's, and nobody's beside it.
    package var tidies: Bool

    package init(
        credentials: Credentials, timeouts: Timeouts = Timeouts(), clock: WallClock = .system,
        sessions: Int = 2, bandwidth: Bandwidth? = nil, tidies: Bool = true
    ) {
        self.tidies = tidies
        self.bandwidth = bandwidth
        self.credentials = credentials
        self.sessions = sessions
        self.timeouts = timeouts
        self.clock = clock
    }
}
