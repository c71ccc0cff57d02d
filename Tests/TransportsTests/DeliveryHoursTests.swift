import Foundation
import Testing
import Transports

@Suite struct DeliveryHoursTests {
    private let berlin = TimeZone(identifier: "Europe/Berlin") ?? .gmt

    private func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    @Test(arguments: [
        "", "22:00", "22:00..", "22..6", "9:00..10:00", "22:00..22:00", "24:01..06:00",
        "25:00..06:00",
        "22:60..06:00", "24:00..06:00", "+1:00..06:00", "22:00..06:00..07:00", "٢٢:00..06:00",
    ])
    func whatIsNone(_ text: String) { #expect(DeliveryHours(text) == nil) }

    /// Across midnight and within a day; the end does not belong to them.
    @Test func theyOpenAndClose() throws {
        let night = try #require(DeliveryHours("22:00..06:00"))
        let day = try #require(DeliveryHours("08:30..24:00"))
        #expect(night.description == "22:00..06:00" && day.description == "08:30..24:00")
        // Berlin is an hour ahead in winter.
        #expect(night.opening(after: try date("2026-11-29T21:00:00Z"), in: berlin) == nil)
        #expect(night.opening(after: try date("2026-11-30T04:59:59Z"), in: berlin) == nil)
        #expect(
            night.opening(after: try date("2026-11-30T05:00:00Z"), in: berlin)
                == (try date("2026-11-30T21:00:00Z")))
        #expect(day.opening(after: try date("2026-11-29T22:59:59Z"), in: berlin) == nil)
        #expect(
            day.opening(after: try date("2026-11-29T23:00:00Z"), in: berlin)
                == (try date("2026-11-30T07:30:00Z")))
    }

    /// 2027-03-28 has no half past two in Berlin.
    @Test func aTimeThatADayLacksIsTheNextItHas() throws {
        let hours = try #require(DeliveryHours("02:30..05:00"))
        #expect(
            hours.opening(after: try date("2027-03-28T00:00:00Z"), in: berlin)
                == (try date("2027-03-28T01:00:00Z")))
    }

    /// From noon to the noon after the next they are open twice for eight hours.
    @Test func howLongTheyWereOpen() throws {
        let (noon, later) = (try date("2026-11-29T11:00:00Z"), try date("2026-12-01T11:00:00Z"))
        for (text, open) in [("22:00..06:00", 16.0), ("08:00..16:00", 16), ("08:30..24:00", 31)] {
            let hours = try #require(DeliveryHours(text))
            func wereOpen(_ longer: Double, _ from: Date = noon) -> Bool {
                hours.wereOpen(longerThan: longer * 3600, from: from, until: later, in: berlin)
            }
            #expect(wereOpen(open - 0.01), "\(text)")
            #expect(!wereOpen(open), "\(text)")
            #expect(!wereOpen(0, later.addingTimeInterval(60)), "a clock was set back")
        }
    }
}
