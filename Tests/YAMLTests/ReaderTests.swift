import Foundation
import Model
import Testing
import YAML

@Suite struct ReaderTests {
    private func read<Value>(_ text: String, _ shape: Shape<Value>) throws -> Value? {
        let root = try Document("v: \(text)", file: "f").root
        return Reader().mapping(root, "a test") { $0.required("v", shape) } ?? nil
    }

    @Test func collectsEverythingWrong() throws {
        let document = try Document("sku: \nsiez: 3\nwidth: 0\nfit: padd\n", file: "s.yaml")
        let reader = Reader()
        let value: Bool? = reader.mapping(document.root, "a sidecar") { keys in
            _ = keys.required("sku", .text)
            _ = keys.required("view", .text)
            _ = keys.optional("size", .integer(1...9))
            _ = keys.optional("width", .integer(1...9))
            _ = keys.optional("fit", Shape<Fit>.choice())
            return true
        }
        #expect(throws: Problems.self) { try reader.finish(value) }
        #expect(
            Problems(reader.problems).description == """
                s.yaml:1:1: error: a sidecar needs 'view' [missing-key]
                s.yaml:1:5: error: 'sku' has no value; it wants a text [no-value]
                s.yaml:2:1: error: a sidecar has no key 'siez'; did you mean 'size'? [unknown-key]
                s.yaml:3:8: error: 'width' wants a whole number from 1 to 9, not '0' [bad-value]
                s.yaml:4:6: error: 'fit' wants one of pad, cover, inside, not 'padd'; \
                did you mean 'pad'? [bad-value]
                """)
    }

    @Test func takesWrittenNullForAbsent() throws {
        let root = try Document(#"{"until": null}"#, file: "f").root
        let reader = Reader()
        let date = reader.mapping(root, "a right") { $0.optional("until", .text) }
        #expect(date == .some(nil))
        #expect(reader.problems.isEmpty)
    }

    @Test(arguments: [
        ("10MB", 10_000_000), ("2MiB", 2_097_152), ("500000", 500_000), ("30 kB", 30_000),
        ("1GB", 1_000_000_000),
    ])
    func readsBytes(text: String, bytes: Int64) throws {
        #expect(try read(text, .bytes) == bytes)
    }

    @Test(arguments: ["10Mb", "-1", "1.5MB", "9999999999999GB", "0", "MB", "٣MB"])
    func refusesBytes(text: String) throws {
        #expect(try read(text, .bytes) == nil)
    }

    @Test(arguments: [("10s", 10), ("5m", 300), ("24h", 86_400), ("14d", 1_209_600)])
    func readsDurations(text: String, seconds: Double) throws {
        #expect(try read(text, .duration) == seconds)
        #expect(Units.duration(Units.text(ofDuration: seconds)) == seconds)
        #expect(try read("14 days", .duration) == nil)
    }

    @Test func readsShares() throws {
        #expect(try read("10%", .share) == 0.1)
        #expect(try read("0.5%", .share) == 0.005)
        for text in ["0.1", "101%", "%", "-1%", "1e1%", "1.%"] {
            #expect(try read("'\(text)'", .share) == nil)
        }
    }

    @Test func readsSizes() throws {
        let one = PixelSize(width: 1000, height: 1500)
        #expect(try read("1000x1500", .sizes) == SizeRange(min: one, max: one))
        #expect(
            try read("1000x1500..2000x2000", .sizes)
                == SizeRange(min: one, max: PixelSize(width: 2000, height: 2000)))
        for text in ["2000x2000..1000x1000", "0x5", "10", "99999x1", "1000 x 1000", "1x2x3"] {
            #expect(try read(text, .sizes) == nil)
        }
    }

    @Test func resolvesBareDatesInTheirZone() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
        func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }
        #expect(try read("2026-03-29", .date(in: zone, .start)) == date("2026-03-28T23:00:00Z"))
        // The clock goes forward that night: the day has 23 hours.
        #expect(try read("2026-03-29", .date(in: zone, .end)) == date("2026-03-29T22:00:00Z"))
        #expect(
            try read("2026-03-29T09:12:00+01:00", .date(in: zone, .end))
                == date("2026-03-29T08:12:00Z"))
        #expect(
            try read("2024-02-29T23:59:59.5Z", .date(in: zone, .start))
                == date("2024-02-29T23:59:59Z").addingTimeInterval(0.5))
        for text in [
            "2026-02-29", "2026-13-01", "31.12.2026", "2026-3-1", "2026-03-29T25:00:00Z",
            "2026-03-29T09:12:00", "soon",
        ] {
            #expect(try read("\"\(text)\"", .date(in: zone, .start)) == nil)
        }
    }

    @Test func oneCanonicalTextForOneMeaning() throws {
        let left = try Document("a: 1 # x\nb: [x, \"y\"]\n", file: "f").root
        let right = try Document("{\"b\": ['x', y], \"a\": \"1\"}", file: "g").root
        let other = try Document("a: 1\nb: [y, x]\n", file: "f").root
        #expect(left.canonical == right.canonical)
        #expect(left.canonical != other.canonical)
    }
}
