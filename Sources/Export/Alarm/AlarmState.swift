import Foundation
import Wire

/// What was told and what is owed: a value that takes what is wrong at a moment and says what is to be
/// told of it. One message a cause and half hour, one more when it ends; what comes and goes within
/// `patience` is never told. Kept in the ledger, so that a daemon that starts again and again does
/// not tell the same again and again.
struct AlarmState: Codable, Sendable, Equatable {
    typealias Means = AlarmSettings.Means
    typealias Cause = StatusAnswer.Cause

    /// Between two messages about one cause, in seconds.
    static let quiet = 1800.0
    /// Until what was told and still stands is told once more.
    static let reminder = 86_400.0
    /// Times the patience: between two digests. What comes one after the other is told together.
    static let rest = 5.0
    /// The longest pause before a message that could not be delivered is tried again.
    static let longest = 1800.0

    struct Entry: Codable, Sendable, Equatable {
        var cause: Cause
        var since: Date
        /// Since when it is not there any more.
        var gone: Date?
        var told: Date?
        var amount: Int?
        /// Its end has to be told.
        var isOpen = false
    }

    /// A digest on its way.
    struct Owed: Codable, Sendable, Equatable {
        var digest: AlarmDigest
        var since: Date
        var attempts = 0
        var next: Date
        var why: String?
    }

    private(set) var entries: [String: Entry] = [:]
    private(set) var owed: [String: Owed] = [:]
    private var lastDigest: Date?

    /// What an alarm is about: what a person is needed for now, and files that cannot be used.
    static func isTold(_ cause: Cause) -> Bool { cause.light == .red || cause.kind == .quarantine }

    /// - Parameter patience: seconds something stands, or is gone, before it is told.
    /// - Returns: nil where there is no news.
    mutating func take(
        _ causes: [Cause], patience: TimeInterval, at now: Date
    ) -> AlarmDigest? {
        note(causes.filter(Self.isTold), patience, now)
        if let lastDigest, Self.span(lastDigest, now) < Self.rest * patience { return nil }
        let begun = inOrder { isDue($0, patience, now) }
        let ended = inOrder { entry in
            entry.isOpen && entry.gone.map { Self.span($0, now) >= patience } == true
        }
        guard !begun.isEmpty || !ended.isEmpty else { return nil }
        let lasting = inOrder { $0.isOpen && $0.gone == nil }.filter { !begun.contains($0) }
        let digest = AlarmDigest(
            at: now,
            begun: begun.compactMap { item($0, again: true) },
            ended: ended.compactMap { item($0) }, lasting: lasting.compactMap { item($0) })
        for identity in begun {
            guard var entry = entries[identity] else { continue }
            (entry.told, entry.amount, entry.isOpen) = (now, entry.cause.amount, true)
            entries[identity] = entry
        }
        for identity in ended { entries[identity]?.isOpen = false }
        lastDigest = now
        return digest
    }

    private mutating func note(_ causes: [Cause], _ patience: TimeInterval, _ now: Date) {
        for cause in causes {
            var entry = entries[cause.identity] ?? Entry(cause: cause, since: now)
            // It came back after its end was told, or was not told yet: this is another time.
            if !entry.isOpen, let gone = entry.gone, Self.span(gone, now) >= patience {
                entry.since = now
            }
            entry.cause = cause
            entry.gone = nil
            entries[cause.identity] = entry
        }
        let there = Set(causes.map(\.identity))
        for (identity, entry) in entries where !there.contains(identity) {
            let gone = entry.gone ?? now
            entries[identity]?.gone = gone
            guard !entry.isOpen else { continue }
            // Remembered as long as it must not be told again.
            let keeps = entry.told.map { Self.span($0, now) < Self.quiet } ?? false
            if !keeps, Self.span(gone, now) >= patience { entries[identity] = nil }
        }
    }

    private func isDue(_ entry: Entry, _ patience: TimeInterval, _ now: Date) -> Bool {
        guard entry.gone == nil, Self.span(entry.since, now) >= patience else { return false }
        guard let told = entry.told else { return true }
        let span = Self.span(told, now)
        guard span >= Self.quiet else { return false }
        let hasGrown = (entry.cause.amount ?? 0) > (entry.amount ?? 0)
        return !entry.isOpen || hasGrown || span >= Self.reminder
    }

    private func item(_ identity: String, again: Bool = false) -> AlarmDigest.Item? {
        entries[identity].map { entry in
            AlarmDigest.Item(
                entry.cause, since: entry.since, until: entry.gone,
                again: again && entry.isOpen ? true : nil)
        }
    }

    /// The whole daemon's first, then by channel.
    private func inOrder(_ isMeant: (Entry) -> Bool) -> [String] {
        let kinds = Cause.Kind.allCases
        func rank(_ entry: Entry) -> (String, Int, String) {
            let kind = kinds.firstIndex(of: entry.cause.kind) ?? kinds.count
            return (entry.cause.channel ?? "", kind, entry.cause.subject ?? "")
        }
        return entries.filter { isMeant($0.value) }
            .sorted { rank($0.value) < rank($1.value) }.map(\.key)
    }

    /// Whichever way a clock was set.
    private static func span(_ date: Date, _ now: Date) -> TimeInterval {
        abs(now.timeIntervalSince(date))
    }
}

// MARK: On the way

extension AlarmState {
    mutating func owe(_ digest: AlarmDigest, by means: Means, at now: Date) {
        if let earlier = owed[means.rawValue] {
            owed[means.rawValue]?.digest = digest.after(earlier.digest)
        } else {
            owed[means.rawValue] = Owed(digest: digest, since: now, next: now)
        }
    }

    /// What is to be sent now; what nobody is told by any more is dropped.
    mutating func due(_ means: [Means], at now: Date) -> [(means: Means, digest: AlarmDigest)] {
        owed = owed.filter { name, _ in means.contains { $0.rawValue == name } }
        return means.compactMap { means in
            guard let owed = owed[means.rawValue] else { return nil }
            let isDue = owed.next <= now || Self.span(owed.next, now) > Self.longest * 2
            return isDue ? (means, owed.digest) : nil
        }
    }

    mutating func arrived(by means: Means) { owed[means.rawValue] = nil }

    mutating func failed(by means: Means, _ why: String, at now: Date) {
        guard var owed = owed[means.rawValue] else { return }
        let pause = min(Backoff.delay(attempts: owed.attempts), Self.longest)
        owed.attempts += 1
        owed.next = now.addingTimeInterval(pause)
        owed.why = why
        self.owed[means.rawValue] = owed
    }
}
