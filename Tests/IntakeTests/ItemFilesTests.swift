import Model
import Testing

@testable import Intake

/// Products in JSON and XML.
struct ItemFilesTests {
    private let site: ProductSite
    private let columns = [
        ProductColumn("sku", .text), ProductColumn("title", .text), ProductColumn("price", .price),
        ProductColumn("tags", .list),
    ]

    init() throws { site = try ProductSite() }

    @Test func oneObjectALine() throws {
        var columns = columns
        columns[2].from = ["/offer/0/price", "/offer/0/currency"]
        let all = try site.read(
            #"""
            {"sku": "A1", "Title": "Caf\u00e9 \ud83d\ude00", "offer": [{"price": 19.90, "currency": "EUR"}]}

            {"sku": 7, "title": null, "tags": ["red", "blue"], "more": {"deep": [1, 2]}}
            {"sku": "A3", "title": "cut
            not json
            {"title": "no sku"} {"sku": "A4"}
            {"sku": "A5", "title": true}
            """#, as: .jsonLines, columns)
        #expect(all.rows.map(\.product.sku) == ["A1", "7", "A5"])
        #expect(all.fields("title") == ["Café 😀", nil, "true"])
        #expect(all.fields("price") == ["19.90 EUR", nil, nil])
        #expect(all.fields("tags") == [nil, "red\nblue", nil])
        #expect(all.broken.first.map(\.place.line) == [4, 5, 6])
        #expect(all.broken.first.last?.message.contains("a line of its own") == true)
    }

    @Test(arguments: [
        (
            "{\"sku\": \"A1\"}\n{\"sku\": \"A",
            "2 cut-off: the last line ends in its middle: the file is cut off"
        ),
        (
            "{\"sku\": \"A1\"}\n" + String(repeating: "[", count: 5000),
            "2 cut-off: the last line ends"
        ),
    ]) func linesThatAreCutOff(text: String, refusal: String) throws {
        #expect(site.refusal(text, as: .jsonLines, columns)?.hasPrefix(refusal) == true)
    }

    @Test func aListInADocument() throws {
        let text = #"""
            {"exported": "today", "data": {"skip": [{}, []], "products": [
              {"sku": "A1", "title": "one"},
              {"sku": "A2", "title": "two \"quoted\""}
            ], "count": 2}, "next": null}
            """#
        let all = try site.read(text, as: .json(items: ["data", "products"]), columns)
        #expect(all.fields("title") == ["one", "two \"quoted\""])
        #expect(all.missing.contains("the declared column 'price' is missing"))
        #expect(try site.read("[]", as: .json(items: []), columns).rows == [])
        // What stands on one line are two products all the same.
        let line = try site.read(
            "[{\"sku\":\"A1\"},{\"sku\":\"A2\"}]", as: .json(items: []), columns)
        #expect(line.rows.count == 2)
        // Cut off anywhere, it is no document.
        for end in [1, 2, 12, 40, 60, 120] {
            #expect(
                site.refusal(
                    String(text.dropLast(end)), as: .json(items: ["data", "products"]), columns)
                    != nil)
        }
    }

    @Test(arguments: [
        ("{\"a\": []}", "there is no 'data' on the way to the items, but 'a'"),
        ("{\"data\": {}}", "no list"), ("[{\"sku\": \"A1\"} {\"sku\": \"A2\"}]", "neither"),
        ("", "cut off"), ("nonsense", "'n'"),
    ]) func documentsThatAreNone(text: String, word: String) {
        let items = text.hasPrefix("[") ? [] : ["data"]
        #expect(
            site.refusal(text, as: .json(items: items), columns)?.contains(word) == true,
            "\(site.refusal(text, as: .json(items: items), columns) ?? "taken")")
    }

    @Test func whatIsNestedDeepOrLongIsBounded() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(site.refusal("[" + deep, as: .json(items: []), columns)?.contains("nested") == true)
        let long = "[{\"sku\": \"" + String(repeating: "x", count: 3 << 20) + "\"}]"
        #expect(site.refusal(long, as: .json(items: []), columns)?.contains("1024 KiB") == true)
        #expect(site.refusal(long, as: .jsonLines, columns)?.contains("1024 KiB") == true)
    }

    @Test func aGoogleFeed() throws {
        let preset = TablePreset.googleRSS
        let all = try site.read(
            """
            <?xml version="1.0"?>
            <rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>
            <item><g:id>A1</g:id><title>Caf\u{E9} &amp; <![CDATA[<b>]]></title><g:price>5.00 EUR</g:price></item>
            <item><g:id>A2</g:id><g:title>Two</g:title><g:price/></item>
            </channel></rss>
            """, as: .xml(item: preset.item), preset.columns(columns))
        #expect(all.rows.map(\.product.sku) == ["A1", "A2"])
        #expect(all.fields("title") == ["Café & <b>", "Two"])
        #expect(all.fields("price") == ["5.00 EUR", nil])
    }

    @Test func aBMEcat() throws {
        let preset = TablePreset.bmecat
        let all = try site.read(
            """
            <BMECAT version="2005" xmlns="http://www.bmecat.org/bmecat/2005"><HEADER/>
            <T_NEW_CATALOG><PRODUCT mode="new"><SUPPLIER_PID type="x">P 1</SUPPLIER_PID>
            <PRODUCT_DETAILS><DESCRIPTION_SHORT lang="deu">Tasse</DESCRIPTION_SHORT>
            <DESCRIPTION_SHORT lang="eng">Mug</DESCRIPTION_SHORT>
            <INTERNATIONAL_PID type="other">1</INTERNATIONAL_PID>
            <INTERNATIONAL_PID type="gtin">4006381333931</INTERNATIONAL_PID></PRODUCT_DETAILS>
            <PRODUCT_PRICE_DETAILS><PRODUCT_PRICE price_type="net_list"><PRICE_AMOUNT>19.95</PRICE_AMOUNT>
            <PRICE_CURRENCY>EUR</PRICE_CURRENCY></PRODUCT_PRICE></PRODUCT_PRICE_DETAILS>
            <KEYWORD>a</KEYWORD><KEYWORD>b</KEYWORD></PRODUCT></T_NEW_CATALOG></BMECAT>
            """, as: .xml(item: preset.item),
            preset.columns(
                columns.map {
                    $0.name == "tags" ? ProductColumn("tags", .list, from: ["KEYWORD"]) : $0
                }
                    + [ProductColumn("gtin", .gtin)]))
        #expect(
            all.rows.map(\.product.fields) == [
                [
                    "sku": "P 1", "title": "Tasse", "price": "19.95 EUR", "gtin": "4006381333931",
                    "tags": "a\nb",
                ]
            ])
    }

    @Test func pathsInXML() throws {
        let mapped = [
            ProductColumn("sku", .text, from: ["@id"]),
            ProductColumn("title", .text, from: ["name[@lang='de/AT']"]),
        ]
        let all = try site.read(
            "<shop><p id='A1'><name lang='en'>Mug</name><name lang='de/AT'>Häferl</name></p><p/></shop>",
            as: .xml(item: ["shop", "p"]), mapped)
        #expect(all.fields("title") == ["Häferl"])
        #expect(all.broken.first.map(\.code) == ["no-sku"])
    }

    @Test(arguments: [
        ("<shop><p id='A1'/>", "1 xml: "), ("<shop><p id='A1'></shop>", "1 xml: "),
        (
            "<!DOCTYPE s [<!ENTITY a \"b\">]><shop><p id='A1'>&a;</p></shop>",
            "1 xml: a document type is refused"
        ),
        ("<other/>", "1 no-items: there is no 'shop/p' in it"), ("", "1 xml: "),
    ]) func documentsThatAreNoneOfOurs(text: String, refusal: String) {
        let told = site.refusal(
            text, as: .xml(item: ["shop", "p"]), [ProductColumn("sku", .text, from: ["@id"])])
        #expect(told?.hasPrefix(refusal) == true, "\(told ?? "taken")")
    }
}
