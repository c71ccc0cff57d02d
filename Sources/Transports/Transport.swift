// The places renditions and feeds go: a folder, an HTTP server, an SFTP server, behind one
// protocol and one contract suite. A destination moves bytes and answers questions about final
// names; what to send, when to retry and what a failure means for others is Export's business.

package import Model

/// A file that is ready to leave. Its hash was taken when it was made; a destination hashes again
/// while it sends and fails with `changed` when the bytes are not these any more.
package struct Outgoing: Sendable {
    package var path: String
    package var sha256: ContentHash
    package var bytes: Int64
    package var mediaType: String

    package init(path: String, sha256: ContentHash, bytes: Int64, mediaType: String) {
        self.path = path
        self.sha256 = sha256
        self.bytes = bytes
        self.mediaType = mediaType
    }
}

/// What a final name holds.
package enum Presence: Sendable, Hashable, CustomStringConvertible {
    case absent
    /// The expected bytes, known by this question.
    case confirmed(Confirmation)
    /// Something else; a sentence for people.
    case different(String)

    package var description: String {
        switch self {
        case .absent: "nothing is there"
        case .confirmed(let how): "confirmed by \(how.rawValue)"
        case .different(let what): what
        }
    }
}

package protocol Transport: Sendable {
    /// Puts the file under `name`, replacing what is there, so that the name never shows half of
    /// it. After an error the name may hold the old bytes, the new ones or (finish: direct) a part:
    /// ask `look`. Never reports success by itself: `look` is the confirmation.
    func put(_ file: Outgoing, as name: RemoteName) async throws(DeliveryError)

    /// A separate question on the final name.
    func look(for file: Outgoing, as name: RemoteName) async throws(DeliveryError) -> Presence

    /// Takes the name away; fine if it is not there. `look` proves it.
    func remove(_ name: RemoteName) async throws(DeliveryError)

    /// True when a separate question finds nothing under `name`.
    func isAbsent(_ name: RemoteName) async throws(DeliveryError) -> Bool

    /// Removes temporary files that an earlier, killed attempt of ours left behind. Called once
    /// before the first transfer.
    func sweep() async throws(DeliveryError)

    /// Ends connections and threads. Transfers in hand fail with `.retry`.
    func close() async
}

package struct DeliveryError: Error, Sendable, CustomStringConvertible {
    /// What was tried on which name, why it failed and what to do; lower case, no secrets.
    package var message: String
    package var remedy: Remedy

    package init(_ message: String, remedy: Remedy) {
        self.message = message
        self.remedy = remedy
    }

    package var description: String { message }
}
