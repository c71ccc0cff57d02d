import Foundation

/// What is known of a channel's pauses besides what the ledger says. The first refusal that may be meant for
/// all files stops the channel; where another one passes after it, such refusals are their files' own for
/// a while, until too many come in a row.
struct Pausing {
    private static let first = 60.0
    /// Refusals in a row that are the channel's; fewer may be one product's.
    private static let usual = 10
    /// Seconds for which one file that passed speaks for the channel.
    private static let trust = 3600.0

    /// Of the last pause: what had begun before it proves nothing against it.
    private(set) var number = 0
    /// False: the ledger has no pause of the channel's.
    private var mayBePaused = true
    private var until = Date.distantPast
    /// Pauses since something went well.
    private var inARow = 0
    /// Files in a row that the channel would not have, or not as they were sent.
    private var refusals = 0
    private var othersPass = Date.distantPast

    /// It answers, and takes no files.
    var isRefusing: Bool { refusals >= Self.usual }

    /// A refusal is the file's own, whatever it means elsewhere.
    func isOfOneFile(_ now: Date) -> Bool { othersPass > now }

    /// What the ledger says.
    mutating func learn(isPaused: Bool, until: Date?) {
        mayBePaused = isPaused
        if let until { self.until = max(self.until, until) }
    }

    /// - Parameter asked: seconds that the server has asked for.
    /// - Returns: until when.
    mutating func begin(asked: Double?, most: Double, at now: Date) -> Date {
        number += 1
        // Several that were on their way together are one.
        if now >= until { inARow += 1 }
        mayBePaused = true
        othersPass = .distantPast
        let delay = asked ?? min(Self.first * pow(2, Double(min(max(inARow, 1) - 1, 10))), most)
        until = max(until, now.addingTimeInterval(delay))
        return until
    }

    /// A turn that had asked the ledger before a pause was written says otherwise.
    mutating func insist() { mayBePaused = true }

    /// - Returns: how many there were in a row.
    mutating func refuse() -> Int {
        refusals += 1
        return refusals
    }

    /// Something went well.
    /// - Parameters:
    ///   - number: of the last pause when it began.
    ///   - isTaken: a file was taken. Where one was only looked at or taken away, refusals stand.
    /// - Returns: whether the ledger may have a pause that is over now.
    mutating func succeed(since number: Int, isTaken: Bool, at now: Date) -> Bool {
        if isTaken { refusals = 0 }
        guard number == self.number, now >= until, !isRefusing else { return false }
        inARow = 0
        guard mayBePaused else { return false }
        if isTaken { othersPass = now.addingTimeInterval(Self.trust) }
        mayBePaused = false
        return true
    }

    /// A person has mended it.
    mutating func forgive() {
        let number = number
        self = Pausing()
        self.number = number
    }
}
