import Foundation
import Model
import Wire

/// What is told at one time: everything that is new, over, or still so.
struct AlarmDigest: Codable, Sendable, Equatable {
    struct Item: Codable, Sendable, Equatable {
        /// Bytes of a text: a digest must fit into a program's environment.
        private static let limit = 400

        var kind: StatusAnswer.Cause.Kind
        var channel: String?
        var subject: String?
        var says: String
        var since: Date
        /// When it was over.
        var until: Date?
        /// It was told before, and has grown or is old.
        var again: Bool?

        init(_ cause: StatusAnswer.Cause, since: Date, until: Date? = nil, again: Bool? = nil) {
            kind = cause.kind
            channel = cause.channel
            subject = cause.subject
            says = Self.cut(cause.says)
            self.since = since
            self.until = until
            self.again = again
        }

        private static func cut(_ text: String) -> String {
            guard text.utf8.count > limit else { return text }
            return String(decoding: text.utf8.prefix(limit - 3), as: UTF8.self) + "…"
        }

        func isSame(as other: Self) -> Bool {
            (kind, channel, subject) == (other.kind, other.channel, other.subject)
        }
    }

    /// Of each list; the numbers tell the rest.
    static let most = 20

    /// The same however often it is sent.
    var id: String
    var at: Date
    var begun: [Item]
    var ended: [Item]
    var lasting: [Item]
    /// Beyond what the lists hold.
    var more = 0

    init(at: Date, begun: [Item], ended: [Item], lasting: [Item]) {
        id = UUID().uuidString.lowercased()
        self.at = at
        let lists = [begun, ended, lasting]
        self.begun = Array(begun.prefix(Self.most))
        self.ended = Array(ended.prefix(Self.most))
        self.lasting = Array(lasting.prefix(Self.most))
        more = lists.reduce(0) { $0 + max($1.count - Self.most, 0) }
    }

    /// This one, with what an earlier one that never arrived had to say.
    func after(_ earlier: Self) -> Self {
        func isNew(_ item: Item, _ items: [Item]) -> Bool {
            !items.contains { $0.isSame(as: item) }
        }
        var whole = Self(
            at: at,
            begun: earlier.begun.filter { isNew($0, begun) && isNew($0, ended) } + begun,
            ended: earlier.ended.filter { isNew($0, ended) } + ended, lasting: lasting)
        whole.more += earlier.more + more
        return whole
    }
}

/// A digest in words and as JSON.
struct AlarmText: Sendable {
    let host: String
    let zone: TimeZone

    /// `sluice on shop1: 2 want a person, 1 is over`; nothing but ASCII as long as the name is.
    func subject(_ digest: AlarmDigest) -> String {
        let begun = digest.begun.count
        let parts = [
            begun > 0 ? "\(begun) \(begun == 1 ? "wants" : "want") a person" : nil,
            digest.ended.isEmpty
                ? nil : "\(digest.ended.count) \(digest.ended.count == 1 ? "is" : "are") over",
        ]
        return "sluice on \(host): " + parts.compactMap(\.self).joined(separator: ", ")
    }

    func body(_ digest: AlarmDigest) -> String {
        var lines = [subject(digest), ""]
        lines += part("A person is needed", digest.begun)
        lines += part("Over", digest.ended)
        lines += part("Still so, told before", digest.lasting)
        if digest.more > 0 { lines += ["\(digest.more) more that are not named here.", ""] }
        if digest.begun.isEmpty, digest.lasting.isEmpty { lines += ["Nothing else is open.", ""] }
        lines.append("'sluice status' on \(host) says all of it, and what to type.")
        return lines.joined(separator: "\n") + "\n"
    }

    /// What a program reads: the digest, who says it, and the same in words.
    func json(_ digest: AlarmDigest) throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(
            Message(
                host: host, text: body(digest), id: digest.id, at: digest.at, begun: digest.begun,
                ended: digest.ended, lasting: digest.lasting, more: digest.more))
    }

    private struct Message: Encodable {
        var host: String
        var text: String
        var id: String
        var at: Date
        var begun: [AlarmDigest.Item]
        var ended: [AlarmDigest.Item]
        var lasting: [AlarmDigest.Item]
        var more: Int
    }

    private func part(_ title: String, _ items: [AlarmDigest.Item]) -> [String] {
        guard !items.isEmpty else { return [] }
        return ["\(title):"] + items.flatMap(lines) + [""]
    }

    private func lines(_ item: AlarmDigest.Item) -> [String] {
        let says = item.says.split(whereSeparator: \.isNewline).joined(separator: "\n    ")
        let since = item.since.plain(in: zone)
        let span =
            item.until.map { "from \(since) to \($0.plain(in: zone))" }
            ?? "since \(since)\(item.again == true ? ", told before" : "")"
        return ["- " + (item.channel.map { "\($0): " } ?? "") + says, "    \(span)"]
    }
}
