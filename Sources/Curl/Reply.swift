private import Foundation
import Model

/// One answer of an FTP server (RFC 959, 4.2): the last line of it where it has several.
package struct Reply: Sendable, Hashable, CustomStringConvertible {
    /// Of what is shown to people; servers' sentences are shorter.
    private static let longest = 200
    /// Of what is kept, to find in it what is hidden: cut off within a password its beginning would show.
    private static let most = 4096

    package var code: Int
    package var text: String

    package init(_ code: Int, _ text: String) {
        self.code = code
        self.text = text
    }

    /// Nil for the first lines of a longer answer (`230-…`), and for all that is none.
    init?(line: String) {
        let digits = line.utf8.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let code = Int(line.prefix(3)), (100...699).contains(code),
            line.utf8.count == 3 || [0x20, 0x0D, 0x0A].contains(Array(line.utf8.prefix(4))[3])
        else { return nil }
        self.code = code
        text = String(
            line.dropFirst(3).unicodeScalars
                .filter { $0.properties.generalCategory != .control }.map(Character.init)
                .prefix(Self.most)
        ).trimmingCharacters(in: .whitespaces)
    }

    package var isRefusal: Bool { code >= 400 }

    package var description: String {
        text.isEmpty ? "\(code)" : "\(code) \(text.prefix(Self.longest))"
    }

    /// A server may repeat what it was told.
    func hiding(_ secret: Secret) -> Reply {
        let word = secret.reveal()
        return word.isEmpty ? self : Reply(code, text.replacing(word, with: "\(secret)"))
    }
}
