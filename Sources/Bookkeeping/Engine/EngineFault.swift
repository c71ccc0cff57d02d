import GRDB

/// What the engine says is wrong, in kinds that the ledger acts on.
struct EngineFault {
    enum Kind {
        case fullDisk
        /// A file could not be read or written.
        case input
        /// The database is not what was written.
        case corrupt
        /// Broken off, as by the end of the task that asked.
        case interrupted
        case other
    }

    var kind: Kind
    var message: String

    /// Nil for an error that is not the engine's.
    init?(_ error: any Error) {
        switch error {
        case let error as Corruption:
            (kind, message) = (.corrupt, error.message)
        case let error as DatabaseError:
            kind = Self.kind(of: error)
            message = error.message ?? "\(error)"
        default:
            return nil
        }
    }

    private static func kind(of error: DatabaseError) -> Kind {
        switch (error.resultCode, error.extendedResultCode) {
        // The second: the index beside the log could not grow.
        case (.SQLITE_FULL, _), (_, .SQLITE_IOERR_SHMSIZE): .fullDisk
        case (.SQLITE_IOERR, _): .input
        case (.SQLITE_CORRUPT, _), (.SQLITE_NOTADB, _): .corrupt
        case (.SQLITE_INTERRUPT, _): .interrupted
        default: .other
        }
    }
}
