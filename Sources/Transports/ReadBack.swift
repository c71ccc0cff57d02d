import Model
private import Synchronization

/// Which files are fetched again and hashed after a server has said the right length: a length alone
/// believes a server that stores other bytes of that length. One policy for every server that is
/// asked for lengths, counted anew with every destination (a start, another `to`, other credentials).
final class ReadBack: Sendable {
    /// Of a server nobody knows yet.
    static let first = 5
    /// One in so many afterwards.
    static let every = 100
    /// After other bytes were found: so many good ones in a row before it is believed again.
    static let afterMismatch = 20
    /// Bytes; what is larger is believed by its length.
    static let most: Int64 = 64 << 20

    private let owed = Mutex(first)

    /// The sample hangs on the bytes, so that a retry asks what the first try asked. Documents are
    /// always read back: a feed has one name for ever, and another price does not change its length.
    /// Where it is due since the server is new, this is one of those that count: `judge`, or
    /// `giveBack` where nothing came of it.
    func isDue(_ file: Outgoing) -> Bool {
        guard file.bytes <= Self.most else { return false }
        return file.isReadBack || !file.mediaType.hasPrefix("image/")
            || Self.isInSample(file.sha256) || isOwed()
    }

    private func isOwed() -> Bool {
        owed.withLock { owed in
            guard owed > 0 else { return false }
            owed -= 1
            return true
        }
    }

    /// It could not be read.
    func giveBack() { owed.withLock { $0 = max($0, min($0 + 1, Self.first)) } }

    static func isInSample(_ hash: ContentHash) -> Bool {
        (UInt32(hash.rawValue.prefix(8), radix: 16) ?? 0) % UInt32(every) == 0
    }

    /// What the bytes say that lay under the name.
    func judge(
        _ seen: ContentHash?, _ file: Outgoing, _ object: RemoteObject? = nil
    ) -> Presence {
        guard seen == file.sha256 else {
            distrust()
            return .different(
                "the server stores other bytes than were sent (SHA-256 "
                    + "\(seen.map { "'\($0.short)…'" } ?? "unknown") in place of "
                    + "'\(file.sha256.short)…'); does it convert pictures?")
        }
        return .confirmed(.hash, object)
    }

    /// Something else lies there than was sent.
    func distrust() { owed.withLock { $0 = max($0, Self.afterMismatch) } }
}
