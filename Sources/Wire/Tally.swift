/// How many of each: an object of words and numbers in JSON, whose words are names and stay as they are.
package struct Tally<Word: RawRepresentable<String> & Hashable & Sendable>: Codable, Hashable,
    Sendable, ExpressibleByDictionaryLiteral
{
    package private(set) var counts: [Word: Int]

    package init(_ counts: [Word: Int] = [:]) { self.counts = counts }

    package init(dictionaryLiteral pairs: (Word, Int)...) {
        counts = Dictionary(pairs, uniquingKeysWith: +)
    }

    /// Nil where there is none of them.
    package subscript(word: Word) -> Int? {
        get { counts[word] }
        set { counts[word] = newValue }
    }

    package subscript(word: Word, default usual: Int) -> Int { counts[word] ?? usual }

    package init(from decoder: any Decoder) throws {
        let words = try decoder.singleValueContainer().decode([String: Int].self)
        counts = Dictionary(
            words.compactMap { word, count in Word(rawValue: word).map { ($0, count) } },
            uniquingKeysWith: +)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(
            Dictionary(counts.map { ($0.rawValue, $1) }, uniquingKeysWith: +) as [String: Int])
    }
}
