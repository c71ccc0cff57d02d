package import Foundation

extension StatusAnswer {
    /// A channel's ceilings, and how near to each it is.
    package struct Use: Codable, Sendable, Hashable {
        /// Transfers on their way.
        package var sessions: Int
        /// So many the channel has borne so far.
        package var sessionsBorne: Int
        /// So many its profile allows.
        package var sessionsAtMost: Int
        /// Transfers started a minute, of late; nil: too few to say.
        package var startsPerMinute: Double?
        /// `rate`; nil: no limit.
        package var startsAtMost: Int?
        /// Of files that were confirmed, of late; nil: too few to say.
        package var bytesPerSecond: Double?
        /// `bandwidth`; nil: no limit.
        package var bytesAtMost: Int64?
        /// `hours`; nil: all day.
        package var hours: String?
        /// When they begin again; nil: now is one of them.
        package var opens: Date?

        package init(sessions: Int, borne: Int, atMost: Int) {
            self.sessions = sessions
            sessionsBorne = borne
            sessionsAtMost = atMost
        }
    }
}
