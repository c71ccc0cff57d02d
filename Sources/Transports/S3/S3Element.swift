import Foundation
import Model
import XML

/// What an answer says in XML, as a tree: names without their namespaces, as not all give one. Bytes of
/// a stranger: how many there are is bounded by who took them in, how deep they go in here.
struct S3Element: Sendable {
    /// The deepest answer we ask for has four levels.
    private static let deepest = 16

    var name: String
    var text = ""
    var children: [S3Element] = []

    /// Nil for what is no XML.
    init?(_ body: Data) {
        // So that a connection does not fall asleep, blanks may come before a late answer.
        let document = body.drop { $0 <= 0x20 }
        guard !document.isEmpty, let root = try? Self.parse(document) else { return nil }
        self = root
    }

    private init(name: String) { self.name = name }

    private static func parse(_ document: Data) throws(XMLFault) -> S3Element? {
        var reader = try Reader(document)
        var open: [S3Element] = []
        while let piece = try reader.next() {
            switch piece {
            case .start(let name):
                guard open.count < deepest else { return nil }
                open.append(S3Element(name: name.local))
            case .text(let text):
                guard !open.isEmpty else { continue }
                open[open.count - 1].text += text
            case .end:
                guard let element = open.popLast() else { return nil }
                // A document has one root; whatever follows it is no document.
                guard !open.isEmpty else { return element }
                open[open.count - 1].children.append(element)
            }
        }
        return nil
    }

    func all(_ name: String) -> [S3Element] { children.filter { $0.name == name } }

    /// Of the first child of that name; nil where it is empty.
    func text(_ name: String) -> String? {
        guard let text = children.first(where: { $0.name == name })?.text, !text.isEmpty else {
            return nil
        }
        return text
    }
}

extension ContentHash {
    /// As headers give it.
    var base64: String {
        var bytes = Data()
        var rest = rawValue.utf8[...]
        while !rest.isEmpty {
            bytes.append(UInt8(String(Substring(rest.prefix(2))), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        return bytes.base64EncodedString()
    }

    /// Nil for what is no SHA-256: a hash of the hashes of parts ends in `-3`.
    init?(base64 text: String) {
        guard let bytes = Data(base64Encoded: text), bytes.count == 32 else { return nil }
        self.init(digest: bytes)
    }
}
