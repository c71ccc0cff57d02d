import Model
import Testing

@testable import Intake

/// What a cell says, by the kind of its column.
struct ColumnTypeTests {
    private func column(
        _ type: ColumnType, _ change: (inout ProductColumn) -> Void = { _ in }
    ) -> ProductColumn {
        var column = ProductColumn("c", type)
        change(&column)
        return column
    }

    /// Nil where it is a mistake.
    private func kept(_ text: String, _ column: ProductColumn) -> String? {
        if case .good(let text, _) = column.reading(of: text) { text } else { nil }
    }

    @Test(
        arguments: [
            ("19.99 EUR", "19.99 EUR"), ("EUR 19.99", "19.99 EUR"), ("19.99€", "19.99 EUR"),
            ("£ 5", "5 GBP"), ("1,234.50 USD", "1234.50 USD"), ("1,234 USD", nil),
            ("19,99 EUR", nil),
            ("19.99", "19.99 EUR"), ("-5 EUR", nil), ("5.999 EUR", nil), ("EUR", nil),
            ("5 eur", nil),
            ("1e3 EUR", nil), ("٥ EUR", nil), ("0x10 EUR", nil), ("5 EUR EUR", nil),
        ] as [(String, String?)]) func pricesWithAPoint(text: String, price: String?)
    {
        #expect(kept(text, column(.price) { $0.unit = "EUR" }) == price)
    }

    @Test(
        arguments: [
            ("19,99 EUR", "19.99 EUR"), ("1.234,5 EUR", "1234.5 EUR"), ("1.234 EUR", "1234 EUR"),
            ("1\u{202F}234,50 €", "1234.50 EUR"), ("19.99 EUR", nil), ("1.23,4 EUR", nil),
            ("19,99", nil),
        ] as [(String, String?)]) func pricesWithAComma(text: String, price: String?)
    {
        #expect(kept(text, column(.priceComma)) == price)
        #expect(kept(text, column(.price) { $0.decimal = .comma }) == price)
    }

    @Test(
        arguments: [
            ("2026-03-31", "2026-03-31"), ("31.3.2026", "2026-03-31"), ("31/03/2026", "2026-03-31"),
            ("2026-03-31 10:00", "2026-03-31T10:00"),
            ("2026-03-31T10:00:05+01:00", "2026-03-31T10:00:05+01:00"), ("31.02.2026", nil),
            ("29.02.2028", "2028-02-29"), ("2026-13-01", nil), ("31.03.26", nil),
            ("31.03/2026", nil),
        ] as [(String, String?)]) func days(text: String, day: String?)
    {
        #expect(kept(text, column(.date) { $0.dates = .dayFirst }) == day)
    }

    @Test func aDayWhoseOrderIsNotDeclaredIsToldSo() {
        guard case .bad(let fault) = column(.date).reading(of: "31.03.2026") else {
            Issue.record("taken")
            return
        }
        #expect(fault.contains("'dates: day-first'"))
        #expect(kept("03/31/2026", column(.date) { $0.dates = .monthFirst }) == "2026-03-31")
    }

    @Test func wordsForYesAndNo() {
        #expect(
            ["ja", "TRUE", "1", "x", "nein"].map { kept($0, column(.boolean)) }
                == ["true", "true", "true", nil, "false"])
        let own = column(.boolean) { ($0.yes, $0.no) = (["lieferbar"], ["vergriffen"]) }
        #expect(["Lieferbar", "vergriffen", "ja"].map { kept($0, own) } == ["true", "false", nil])
    }

    @Test func listsAndUnits() {
        #expect(kept("red, blue ,,R&amp;D", column(.list)) == "red\nblue\nR&D")
        #expect(kept("a, b | c", column(.list) { $0.separator = "|" }) == "a, b\nc")
        let weight = column(.unit) { ($0.unit, $0.decimal) = ("kg", .comma) }
        #expect(
            ["1,5", "1,5 g", "250ml", "1.000,5 kg", "heavy", "1.5"].map { kept($0, weight) }
                == ["1.5 kg", "1.5 g", "250 ml", "1000.5 kg", nil, nil])
        #expect(kept("12", column(.unit)) == nil)
    }

    @Test(arguments: [
        ("<p>Caf&eacute; <b>Nord</b></p><p>R&amp;D</p>", "Café Nord\nR&D"),
        ("one<br/>two<br>three", "one\ntwo\nthree"), ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a<script>alert('</b>')</script>b<!-- no --> c", "ab c"),
        ("<ul>\n <li>x\n<li>y</ul>", "x\ny"),
        ("&lt;b&gt;", "<b>"), ("<p><img src=x onerror=y></p>", ""),
        ("<unknown> stays", "<unknown> stays"),
        ("open <b", "open <b"), ("open <script> for ever", "open"),
    ]) func tagsAreStripped(html: String, plain: String) {
        #expect(kept(html, column(.html)) == plain)
    }

    @Test func aNumberThatASpreadsheetRoundedIsNoGTIN() {
        guard case .bad(let fault) = column(.gtin).reading(of: "4,00638E+12") else {
            Issue.record("taken")
            return
        }
        #expect(fault.contains("rounded by a spreadsheet"))
    }

    @Test func addresses() {
        #expect(
            kept("HTTPS://x.example/a?b=1&amp;c=2", column(.url)) == "HTTPS://x.example/a?b=1&c=2")
        for bad in [
            "ftp://x.example", "https://", "http:///a", "https://x.example/a b", "x.example",
        ] {
            #expect(kept(bad, column(.url)) == nil, "\(bad)")
        }
    }
}
