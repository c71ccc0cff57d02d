import Foundation
import Model

/// What a server says of a refusal, as a person may read it: a line without mark-up, and nothing where it
/// holds one of our secrets; some answer with what they were sent.
enum ServerWords {
    /// Characters.
    private static let longest = 200

    static func of(_ body: Data, hiding secrets: [Secret]) -> String? {
        var text = String(decoding: body, as: UTF8.self)
        // What of it was cut off may be the beginning of one as well.
        guard !secrets.contains(where: { text.contains($0.reveal().prefix(8)) }) else { return nil }
        text = text.replacing(/<(script|style)[^>]*>.*?<\/(script|style)>/.ignoresCase(), with: " ")
        text = text.replacing(/<[^>]*>/, with: " ")
        let plain = text.unicodeScalars.map { scalar -> Character in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .lineSeparator, .paragraphSeparator:
                " "
            default: Character(scalar)
            }
        }
        let words = String(plain).split(separator: " ").joined(separator: " ")
        guard !words.isEmpty else { return nil }
        return words.count > longest ? words.prefix(longest) + "…" : words
    }
}
