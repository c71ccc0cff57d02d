private import Foundation
private import Model

/// `{sku|slug}`: any text as it can stand in a name. German letters are written out (`ä` is `ae`,
/// `ß` is `ss`), other accents dropped, and each run of what still cannot stand becomes one dash,
/// none at either end. `ABC/D` is `ABC-D`, `GRÖSSE 1` is `GROESSE-1`. Case stays. Two texts can
/// become one: the name gate tells them apart, as it does any two files of one name.
enum Slug {
    static func of(_ text: String) -> String {
        var slug = ""
        for character in written(Array(text.composed)) {
            let isFit = character.utf8.allSatisfy(TemplateValues.isFit)
            let next: Character = isFit ? character : "-"
            if next == "-" || next == ".", slug.last == next { continue }
            slug.append(next)
        }
        return slug.trimmingCharacters(in: CharacterSet(charactersIn: "-."))
    }

    /// With letters of ASCII for those that have some.
    private static func written(_ characters: [Character]) -> String {
        var text = ""
        for (index, character) in characters.enumerated() {
            guard let letters = letters[character.lowercased()] else {
                text += bare(character)
                continue
            }
            guard character.isUppercase else {
                text += letters
                continue
            }
            let isTitle = index + 1 < characters.count && characters[index + 1].isLowercase
            text += isTitle ? letters.capitalized : letters.uppercased()
        }
        return text
    }

    private static func bare(_ character: Character) -> String {
        let scalars = String(character).decomposedStringWithCanonicalMapping.unicodeScalars
        return String(
            String.UnicodeScalarView(
                scalars.filter { $0.properties.generalCategory != .nonspacingMark }))
    }

    /// What is written out, and letters that no accent makes.
    private static let letters: [String: String] = [
        "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l",
        "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    ]
}
