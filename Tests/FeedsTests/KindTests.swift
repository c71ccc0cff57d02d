import Testing

@testable import Feeds

/// What a text of each kind has to look like.
@Suite struct KindTests {
    private func fits(_ kind: FeedAttribute.Kind, _ text: String) -> Bool {
        var text = text
        return text.withUTF8 { kind.fault("x", $0, .ascii) } == nil
    }

    @Test(
        arguments: [
            (.number, ["0", "7", "123456789"], ["", "1234567890", "1.0", "-1", " 1", "٣"]),
            (.decimal, ["19.99", "5", "0.000001"], ["", ".5", "5.", "5.0000001", "1,5", "5 "]),
            (
                .measure, ["1.5 kg", "5kg", "2 ABCDEFGH"],
                ["5", "kg", "5  kg", "5 kg ", "5 abcdefghi", "5 µm"]
            ),
            (.amount, ["0.00 EUR", "5 EUR", "4.9 EUR"], ["5EUR", "5 eur", "5.999 EUR", "5 EURO"]),
            (.price, ["0.01 EUR"], ["0.00 EUR"]),
            (
                .date,
                [
                    "2026-11-21", "2026-11-21T09:30Z", "2026-11-21T09:30:15+01:00",
                    "2026-11-21T09:30-0100",
                ],
                [
                    "2026-21-11", "26-11-21", "2026-11-41", "2026-11-21T", "2026-11-21T09:30",
                    "2026-11-21T09Z", "2026-11-21 09:30Z", "2026-11-21T09:30:Z",
                    "2026-11-21T09:30Z ", "2026-11-21/",
                ]
            ),
            (
                .dates, ["2026-11-21/2026-12-24", "2026-11-21T09:30Z/2026-12-24"],
                ["2026-11-21", "2026-11-21/", "2026-11-21/2026-12-24/2026-12-25"]
            ),
        ] as [(FeedAttribute.Kind, [String], [String])])
    func aKindIsAShape(_ kind: FeedAttribute.Kind, _ good: [String], _ bad: [String]) {
        for text in good { #expect(fits(kind, text), "\(text)") }
        for text in bad { #expect(!fits(kind, text), "\(text)") }
    }

    @Test(arguments: [
        ("Mug", "Mug"), ("  Mug \t of\u{A0}\u{2028} stoneware\n", "Mug of stoneware"),
        ("Größe 4 🙂", "Größe 4 🙂"), (" ", ""),
    ]) func oneLineIsOneLine(_ text: String, _ line: String) {
        var text = text
        var out = Array("before: ".utf8)
        text.withUTF8 { TextFilter.oneLine.apply($0, into: &out, categories: [:]) }
        // White space alone leaves nothing of what stood before either.
        let start = line.isEmpty ? "before:" : "before: "
        #expect(String(decoding: out, as: UTF8.self) == start + line)
    }
}
