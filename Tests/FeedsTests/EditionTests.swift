import Feeds
import Model
import Testing

struct EditionTests {
    @Test(arguments: [
        (100, nil, 0, false), (100, 100, 0, false), (95, 100, 0, false), (94, 100, 0, true),
        (94, 100, 1, false), (120, 100, 0, false), (0, nil, 0, true), (0, 100, 0, true),
        (0, 1, 1, false), (0, 0, 0, true), (7, 8, 0, true), (7, 8, 1, false),
    ])
    func aShrinkingFeedIsHeld(items: Int, last: Int?, excused: Int, held: Bool) throws {
        let hash = try #require(ContentHash(rawValue: String(repeating: "a", count: 64)))
        let edition = Edition(path: "x", sha256: hash, bytes: 1, items: items, dropped: 0)
        let reason = edition.reasonToHold(last: last, drop: 0.05, excused: excused)
        #expect((reason != nil) == held)
    }

    @Test func theReasonSaysHowMuch() throws {
        let hash = try #require(ContentHash(rawValue: String(repeating: "a", count: 64)))
        let edition = Edition(path: "x", sha256: hash, bytes: 1, items: 7, dropped: 0)
        #expect(
            edition.reasonToHold(last: 8, drop: 0.05)
                == "1 of 8 items would be gone (12.5 %, more than 5.0 %)")
    }

    /// New names for the same things are none of the old ones.
    @Test func othersInsteadMakeUpForNothing() throws {
        let hash = try #require(ContentHash(rawValue: String(repeating: "a", count: 64)))
        let edition = Edition(path: "x", sha256: hash, bytes: 1, items: 100, dropped: 0)
        #expect(edition.reasonToHold(last: 100, gone: 5, drop: 0.05) == nil)
        #expect(
            edition.reasonToHold(last: 100, gone: 100, drop: 0.05)
                == "100 of 100 items would be gone (100.0 %, more than 5.0 %)")
    }
}
