package import Model

/// What a final name holds.
package enum Presence: Sendable, Hashable, CustomStringConvertible {
    case absent
    /// The expected bytes, known by this question, and what the other side calls them where it says so.
    case confirmed(Confirmation, RemoteObject? = nil)
    /// The other side has what was sent, and has not come to an end with it: ask again later.
    /// - Parameter after: seconds, where it says when.
    case processing(after: Double? = nil)
    /// Something else; a sentence for people.
    case different(String)

    package var description: String {
        switch self {
        case .absent: "nothing is there"
        case .confirmed(let how, _): "confirmed by \(how.rawValue)"
        case .processing: "the channel is processing it"
        case .different(let what): what
        }
    }

    package var isProcessing: Bool { if case .processing = self { true } else { false } }

    /// How sure it is that the expected bytes are there; nil where they are not, or not yet.
    package var confirmation: Confirmation? {
        if case .confirmed(let how, _) = self { how } else { nil }
    }
}
