package import Model

/// What is listed, and which page of it; nil: whatever it is.
package struct ListQuestion: Arguments, Hashable {
    package static let declared = [
        Parameter(
            "kind", .word, required: true, "what is listed",
            words: ListAnswer.Kind.allCases.map(\.rawValue)),
        Parameter.channel(),
        Parameter(
            "gate", .word, "of what is refused: one gate",
            words: Gate.Kind.allCases.map(\.rawValue)),
        Parameter.sku(required: false),
        Parameter("limit", .number, "entries of a page, at most \(most)", placeholder: "N"),
        Parameter("after", .text, "'after' of the page before", placeholder: "CURSOR"),
    ]

    /// Entries of one page.
    package static let most = 500

    package var kind: ListAnswer.Kind
    package var channel: String?
    package var gate: Gate.Kind?
    package var sku: String?
    package var limit: Int
    /// `after` of the page before; nil: from the start.
    package var after: String?

    package init(
        _ kind: ListAnswer.Kind, channel: String? = nil, gate: Gate.Kind? = nil,
        sku: String? = nil, after: String? = nil, limit: Int = most
    ) {
        self.kind = kind
        self.channel = channel
        self.gate = gate
        self.sku = sku
        self.after = after
        self.limit = limit
    }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try keys.decode(ListAnswer.Kind.self, forKey: .kind),
            channel: try keys.decodeIfPresent(String.self, forKey: .channel),
            gate: try keys.decodeIfPresent(Gate.Kind.self, forKey: .gate),
            sku: try keys.decodeIfPresent(String.self, forKey: .sku),
            after: try keys.decodeIfPresent(String.self, forKey: .after),
            limit: try keys.decodeIfPresent(Int.self, forKey: .limit) ?? Self.most)
    }

    package func check() throws(OperationError) {
        guard limit < 1 else { return }
        throw OperationError(400, "'limit' is no number above 0")
    }
}
