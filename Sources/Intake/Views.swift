private import Foundation
private import Model

/// The vocabulary of views: `front`, `detail`, and what producers call them.
package struct Views: Sendable, Hashable {
    package private(set) var names: [String]
    private var meanings: [String: String] = [:]

    /// - Parameter list: in the order that positions follow, each with its aliases.
    /// - Throws: for a name that means two things or could be taken for a numbered one.
    package init(_ list: [(name: String, aliases: [String])]) throws(IntakeError) {
        names = list.map(\.name)
        for (name, aliases) in list {
            for word in [name] + aliases { try learn(word, name) }
        }
    }

    private mutating func learn(_ word: String, _ name: String) throws(IntakeError) {
        let key = Self.folded(word)
        guard !key.isEmpty, Self.numbered(key) == nil else {
            throw IntakeError(
                "'\(word)' cannot name a view: it is empty or ends in a number, as 'detail-2' does",
                remedy: .fixInput)
        }
        if let other = meanings.updateValue(name, forKey: key), other != name {
            throw IntakeError(
                "'\(word)' means both the view '\(other)' and the view '\(name)'",
                remedy: .fixInput)
        }
    }

    private init(standard list: [String: [String]], order: [String]) {
        names = order
        for (name, aliases) in list {
            for word in [name] + aliases { meanings[word] = name }
        }
    }

    package static let standard = Views(
        standard: [
            "front": ["vorne", "vorderseite"], "back": ["hinten", "rückseite", "rueckseite"],
            "left": ["links"], "right": ["rechts"], "top": ["oben"], "bottom": ["unten"],
            "detail": [], "lifestyle": ["ambiente"],
        ],
        order: ["front", "back", "left", "right", "top", "bottom", "detail", "lifestyle"])

    /// `Vorne` is front; `detail-2`, `detail_2` and `detail2` are detail with the number 2.
    package func resolve(_ text: String) -> (name: String, number: Int?)? {
        let key = Self.folded(text)
        if let name = meanings[key] { return (name, nil) }
        guard let (base, number) = Self.numbered(key), let name = meanings[base] else { return nil }
        return (name, number)
    }

    /// The view or alias that was probably meant.
    var words: [String] { names + meanings.keys.sorted() }

    var revision: String {
        meanings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    private static func folded(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespaces).lowercased()
    }

    private static func numbered(_ key: String) -> (String, Int)? {
        let digits = key.reversed().prefix { $0.isASCII && $0.isNumber }.count
        guard (1...3).contains(digits), let number = Int(key.suffix(digits)), number > 0 else {
            return nil
        }
        var base = key.dropLast(digits)
        if let last = base.last, "-_ ".contains(last) { base.removeLast() }
        return base.isEmpty ? nil : (String(base), number)
    }
}
