import Feeds
import Model
import Testing

/// Every mistake in a format's file is told, with its place.
@Suite struct BadFormats {
    private func problems(_ text: String) -> [String] {
        let file = FeedFormats.FormatFile(name: "ours", text: text, file: "ours.yaml")
        do throws(Problems) {
            _ = try FormatReader.read(file, among: .shipped)
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    private static let head = """
        format: ours
        title: Ours
        source: us
        seen: 2026-11-30
        media_type: application/xml
        ending: xml

        """

    @Test func attributesAndRules() {
        let text =
            Self.head + """
                fields:
                  id: {kind: txt}
                  name: {clean: strp, pattern: "["}
                  price: {kind: price, max: none}
                rules:
                  - {any_of: [naem, name]}
                table:
                  columns: [id: "{id}"]
                """
        #expect(
            problems(text) == [
                "ours.yaml:8:14: error: 'kind' wants one of id, text, address, picture, price, amount, "
                    + "gtin, date, dates, number, decimal, plain-price, measure, not 'txt'; did you mean 'text'? "
                    + "[bad-value]",
                "ours.yaml:9:17: error: 'strp' is no filter; did you mean 'strip'? [unknown-filter]",
                "ours.yaml:9:32: error: 'pattern' wants a regular expression of the whole text, not '[' "
                    + "[bad-value]",
                "ours.yaml:10:29: error: 'max' wants a whole number from 1 to 10000000, not 'none' "
                    + "[bad-value]",
                "ours.yaml:12:15: error: 'any_of' wants an attribute of 'fields', not 'naem' [bad-value]",
            ])
    }

    @Test func aDocument() {
        let text =
            Self.head + """
                fields:
                  id: {kind: id}
                  group: {most: 9, parts: {name: {}}}
                xml:
                  items:
                    elements:
                      - total: "{id}"
                      - item:
                          each: item
                          atributes: {id: "{id}"}
                          elements:
                            - nmae: "{ids}"
                            - part: "{group.name}"
                            - {a: x, b: y}
                """
        #expect(
            problems(text) == [
                "ours.yaml:13:9: error: 'total' speaks of an item; it has to stand within 'each: item' "
                    + "[misplaced]",
                "ours.yaml:16:11: error: an element has no key 'atributes'; did you mean 'attributes'? "
                    + "[unknown-key]",
                "ours.yaml:18:21: error: '{ids}' is no field here; did you mean 'id'? [unknown-field]",
                "ours.yaml:19:15: error: 'part' speaks of a part of 'group'; it has to stand within "
                    + "'each: group' [misplaced]",
                "ours.yaml:20:15: error: an element is written as '- NAME: …', one name each, not a mapping "
                    + "[wrong-type]",
            ])
    }

    @Test func whatIsTakenOver() {
        #expect(
            problems(Self.head + "like: google-rs\n") == [
                "ours.yaml:7:7: error: 'like: google-rs': there is no such format; did you mean "
                    + "'google-rss'? [like]"
            ])
        #expect(
            problems(Self.head + "like: ours\n") == [
                "ours.yaml:7:7: error: 'like: ours': it takes over itself [like]"
            ])
    }
}
