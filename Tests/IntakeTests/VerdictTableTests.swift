import Foundation
import Host
import Model
import Testing

@testable import Intake

/// What channels answer about items, as they write it.
@Suite struct VerdictTableTests {
    private func read(
        _ text: String, _ kind: TableForm.Kind, _ item: String, _ status: String,
        _ message: String...
    ) throws -> [VerdictTable.Row] {
        let path = NSTemporaryDirectory() + "verdicts-\(UUID().uuidString)"
        try Files.write(Data(text.utf8), to: path)
        defer { try? Files.remove(path) }
        let table = try VerdictTable(
            try OpenFile.open(path, O_RDONLY), path: path, kind: kind, item: item,
            status: status, message: message)
        var rows: [VerdictTable.Row] = []
        while let row = try table.next() { rows.append(row) }
        return rows
    }

    /// eBay's, of a product feed in CSV.
    @Test func commas() throws {
        let rows = try read(
            """
            SKU,Group ID,Locale,Status,Error Type,Error Message
            A1,,de_DE,SUCCESS,,
            A2,G1,de_DE,FAILURE,ERROR,"The title, as given,
            is too long"

            """, .delimited(.init()), "SKU", "Status", "Error Message")
        #expect(
            rows == [
                .init(sku: "A1", status: "SUCCESS", message: ""),
                .init(
                    sku: "A2", status: "FAILURE", message: "The title, as given, is too long"),
            ])
    }

    /// eBay's in XML: https://developer.ebay.com/api-docs/user-guides/static/mip-user-guide/mip-overview-response-files.html
    @Test func elements() throws {
        let rows = try read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <feedResponse>
              <feedSummary><status>PARTIAL_SUCCESS</status></feedSummary>
              <feedDetails>
                <productDetail><SKU>A1</SKU><status>SUCCESS</status></productDetail>
                <productDetail><SKU>A2</SKU><status>FAILURE</status>
                  <errors><error><message>no brand</message></error>
                    <error><message>no price</message></error></errors>
                </productDetail>
              </feedDetails>
            </feedResponse>
            """, .xml(item: ["feedResponse", "feedDetails", "productDetail"]), "SKU", "status",
            "errors/error/message")
        #expect(rows.map(\.status) == ["SUCCESS", "FAILURE"])
        #expect(rows.map(\.message) == ["", "no brand no price"])
    }

    @Test func members() throws {
        let rows = try read(
            #"{"items": [{"offer": {"id": "A1"}, "state": "Rejected", "why": ["small", "blurred"]}]}"#,
            .json(items: ["items"]), "/offer/id", "state", "why")
        #expect(rows == [.init(sku: "A1", status: "Rejected", message: "small blurred")])
    }

    @Test func foreignTextIsShortAndOnOneLine() throws {
        let long = String(repeating: "x", count: 5000)
        let rows = try read(
            "{\"id\": \"A1\", \"s\": \"\\u001b[31mBAD\\u202e\", \"m\": \"a\\nb \(long)\"}\n",
            .jsonLines, "id", "s", "m")
        #expect(rows.first?.status == "[31mBAD")
        #expect(rows.first?.message.hasPrefix("a b xxx") == true)
        #expect(rows.first?.message.count == 500)
    }

    @Test(arguments: [
        ("SKU,State\nA1,OK\n", "the declared column 'status' ('Status') is missing"),
        ("Item,Status\nA1,OK\n", "the header has no column 'SKU'"),
        ("", "the file is empty"),
    ])
    func whatIsNotAnAnswerIsSaid(_ text: String, _ says: String) throws {
        let problem = #expect(throws: Problem.self) {
            try read(text, .delimited(.init()), "SKU", "Status")
        }
        #expect(problem?.message.contains(says) == true, "\(problem?.message ?? "")")
    }
}
