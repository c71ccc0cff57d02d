import Foundation
import Model
import Testing

@Suite("Rights inside the picture")
struct EmbeddedRightsTests {
    private let berlin = TimeZone(identifier: "Europe/Berlin") ?? .gmt

    private func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    @Test(
        "dates as people write them",
        arguments: [
            ("2026-03-31", "2026-03-30T22:00:00Z", "2026-03-31T22:00:00Z"),
            ("2026:03:31", "2026-03-30T22:00:00Z", "2026-03-31T22:00:00Z"),
            ("20260331", "2026-03-30T22:00:00Z", "2026-03-31T22:00:00Z"),
            // The day on which the clocks change has 23 hours.
            ("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
            ("2026-03", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"),
            ("2026", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z"),
            ("2026-03-31T12:00", "2026-03-31T10:00:00Z", "2026-03-31T10:00:00Z"),
            ("2026-03-31T12:00:00Z", "2026-03-31T12:00:00Z", "2026-03-31T12:00:00Z"),
            ("2026:03:31 12:00:00-05:30", "2026-03-31T17:30:00Z", "2026-03-31T17:30:00Z"),
            ("2026-03-31T12:00:00.25+0200", "2026-03-31T10:00:00Z", "2026-03-31T10:00:00Z"),
            ("9999-12-31", "9999-12-30T23:00:00Z", "9999-12-31T23:00:00Z"),
        ])
    func dates(text: String, start: String, end: String) throws {
        let date = try #require(LicenceDate(text))
        #expect(date.start(in: berlin) == (try self.date(start)))
        #expect(date.end(in: berlin) == (try self.date(end)))
    }

    @Test(
        "and what is none",
        arguments: [
            "", " ", "soon", "31.03.2026", "2026-02-30", "2026-13-01", "2026-00-10", "0000-01-01",
            "2026-03-31T25:00", "2026-03-31T12", "2026-03-31T12:00+99:00", "2026-03T12:00",
            "2026-03-31-01", "-2026-03-31", "٢٠٢٦-03-31", "99999999999999999999", "2026-+3-01",
            "2026-03-31T12:00:00 CET", "2026--01", "T12:00",
        ])
    func noDates(text: String) {
        #expect(LicenceDate(text) == nil)
    }

    @Test("the narrowest of all dates counts")
    func narrowest() throws {
        var inside = PictureMetadata()
        inside.usableFrom = ["2026-01-01", "2026-02-01"]
        inside.usableUntil = ["2026-04-30", "2026-03-31"]
        var beside = PictureMetadata()
        beside.usableUntil = ["2026-12-31"]
        let open = Rights().narrowed(by: [inside, beside], zone: .gmt)
        #expect(open.from == (try date("2026-02-01T00:00:00Z")))
        #expect(open.until == (try date("2026-04-01T00:00:00Z")))
        #expect(open.unreadable == [] && open.forbidden == [] && !open.noCrop)
        let narrower = Rights(
            from: try date("2026-03-01T00:00:00Z"), until: try date("2026-03-05T00:00:00Z"))
        #expect(narrower.narrowed(by: [inside, beside], zone: .gmt) == narrower)
    }

    @Test(
        "alterations are forbidden, what cannot be understood is told, and both can be overridden")
    func constraints() throws {
        var inside = PictureMetadata()
        inside.constraints = ["AL-CRP", "AL-RET", "AL-XYZ"]
        inside.usableUntil = ["soon"]
        let rights = Rights().narrowed(by: [inside], zone: .gmt)
        #expect(rights.noCrop && rights.forbidden == [.crop, .retouch])
        #expect(rights.unreadable == ["soon", "AL-XYZ"])
        #expect(rights.until == nil)
        let over = Rights(overridesEmbedded: true, because: "newer licence")
        #expect(over.narrowed(by: [inside], zone: .gmt) == over)
        // The ledger stores what was declared, nothing of what was found.
        let stored = String(decoding: try JSONEncoder().encode(rights), as: UTF8.self)
        #expect(!stored.contains("AL-") && !stored.contains("soon"))
    }

    @Test("an answer without end is none")
    func bounds() {
        var metadata = PictureMetadata()
        metadata.kept = ["copyright": String(repeating: "ä", count: PictureMetadata.longest)]
        #expect(metadata.isBounded)
        var others = Array(repeating: metadata, count: 4)
        others[0].kept["copyright"]?.append("x")
        others[1].kept["surprise"] = "x"
        others[2].title = "a\u{1B}[31m"
        others[3].gtins = Array(repeating: "1", count: 65)
        #expect(others.allSatisfy { !$0.isBounded })
    }
}
