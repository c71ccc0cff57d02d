import Foundation
import Model
import Testing
import Wire

@Suite("Horizon")
struct HorizonTests {
    @Test("is the end of the day where the daemon is, however long that day is")
    func day() throws {
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        func end(_ text: String, _ zone: TimeZone) throws -> String {
            try #require(Horizon(text)).date(in: zone).formatted(.iso8601)
        }
        #expect(try end("2027-01-31", .gmt) == "2027-01-31T23:59:59Z")
        #expect(try end("2027-01-31", berlin) == "2027-01-31T22:59:59Z")
        #expect(try end("2027-03-28", berlin) == "2027-03-28T21:59:59Z")
        #expect(try end("2027-10-31", berlin) == "2027-10-31T22:59:59Z")
        #expect(try end("2027-12-31T06:00:00Z", berlin) == "2027-12-31T06:00:00Z")
    }

    @Test(
        "is nothing else",
        arguments: ["", "soon", "2027-02-30", "27-01-01", "2027-1-1", "2027-13-01"])
    func nothing(_ text: String) {
        #expect(Horizon(text) == nil)
    }
}
