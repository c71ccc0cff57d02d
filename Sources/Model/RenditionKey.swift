package import Foundation

/// Names a rendition before it exists: SHA-256 of the canonical request for it.
package enum RenditionKey {
    /// Raised by hand when the same request must give other pixels (a fixed bug in Imaging).
    /// Library versions stay out, so that an apt upgrade re-sends nothing.
    package static let epoch = 2

    package static func of(
        master: ContentHash, recipe: Recipe, particulars: RenditionInputs = .none
    ) -> ContentHash {
        EncodedRecipe(recipe).key(master: master, particulars: particulars)
    }
}

/// A recipe's part of its renditions' keys, encoded once: a channel asks for the key of every
/// version it considers.
package struct EncodedRecipe: Sendable, Hashable {
    private let text: String

    package init(_ recipe: Recipe) { text = Self.canonical(recipe) }

    /// Of the canonical request: JSON with sorted keys.
    package func key(master: ContentHash, particulars: RenditionInputs = .none) -> ContentHash {
        let special =
            particulars == .none ? "" : #","particulars":"# + Self.canonical(particulars)
        let request =
            #"{"epoch":\#(RenditionKey.epoch),"master":"\#(master)"\#(special),"recipe":"#
            + text + "}"
        return ContentHash.of(Data(request.utf8))
    }

    private static func canonical(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Only finite numbers, strings and booleans: encoding cannot fail.
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

extension ContentHash {
    package static func of(_ bytes: Data) -> ContentHash {
        ContentHash(digest: SHA256.hash(bytes))
    }

    /// - Parameter digest: the 32 bytes of a finished SHA-256.
    package init(digest: some Sequence<UInt8>) {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in digest { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        guard let hash = ContentHash(rawValue: String(decoding: text, as: UTF8.self)) else {
            preconditionFailure("a SHA-256 digest is 32 bytes")
        }
        self = hash
    }
}
