package import Model

/// What the ledger could not do, and whether going on makes sense.
package struct LedgerError: Error, Sendable, CustomStringConvertible {
    package var message: String
    package var remedy: Remedy
    /// An I/O error or a damaged file: nothing may be published any more; exit and recover.
    package var isFatal: Bool
    /// The schema is newer than this program.
    package var isNewer = false
    /// Something that was written cannot be read back; the rest of the ledger is as good as ever.
    package var isDamage = false
    package var isFullDisk = false
    /// Not even tried: what is left of the disk is for what cannot wait.
    package private(set) var isReserved = false
    /// The database is damaged or gone: a snapshot is wanted.
    package var isLost = false

    /// Whoever asked was told to end, and what was asked was broken off.
    package private(set) var isCancelled = false

    /// The disk had no room for it.
    var ranFull: Bool { isFullDisk && !isReserved }

    init(_ error: any Error, doing what: String) {
        let fault = EngineFault(error)
        message = "cannot \(what): \(fault?.message ?? Self.words(of: error))"
        isDamage = Self.isDamage(error)
        isCancelled = error is CancellationError || fault?.kind == .interrupted
        switch fault?.kind {
        case .fullDisk:
            (remedy, isFatal, isFullDisk) = (.fixHost, false, true)
            message += " (the disk is full; free some space, work goes on by itself)"
        case .input:
            (remedy, isFatal) = (.fixHost, true)
        case .corrupt:
            (remedy, isFatal, isLost) = (.fixHost, true, true)
            message += " (the ledger is damaged)"
        case .interrupted, .other, nil:
            (remedy, isFatal) = (.retry(after: nil), false)
        }
    }

    /// For what can wait until there is room again.
    static let reserved: LedgerError = {
        var error = LedgerError(
            message: "the disk is full, and what is left is kept for what cannot wait",
            isNewer: false)
        (error.isFatal, error.isFullDisk, error.isReserved) = (false, true, true)
        return error
    }()

    init(message: String, isNewer: Bool) {
        self.message = message
        isLost = !isNewer
        self.isNewer = isNewer
        remedy = .fixHost
        isFatal = true
    }

    func doing(_ what: String) -> LedgerError {
        var error = self
        error.message = "while trying to \(what): \(message)"
        return error
    }

    package var description: String { message }
}
