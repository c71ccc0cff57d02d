import Bookkeeping
import Foundation
import Model
import Profiles
import Testing

@testable import Export

/// Every way to lose the right to be on a channel, and none that is something else.
@Suite struct LossTests {
    struct Way: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var lose: @Sendable (Shop) async throws -> Void
        /// What people are told.
        var because: String
    }

    /// Licensed for its only market, cut to its frame.
    private static let edits = [
        ("state: live", "state: live\nmarket: [DE]\nselect: {audience: public}"),
        ("fit: pad", "fit: cover"),
    ]

    private static func shop() async throws -> Shop {
        let shop = try Shop(edits[0], edits[1])
        try await shop.arrives("one") { $0.rights.markets = ["DE"] }
        try await shop.work()
        #expect(try await shop.states() == ["A1.jpg": .live])
        return shop
    }

    /// The sidecar says something else now.
    private static func declared(
        _ name: String, _ because: String, _ edit: @escaping @Sendable (inout Declaration) -> Void
    ) -> Way {
        Way(
            testDescription: name,
            lose: { shop in
                try await shop.arrives("one") {
                    $0.rights.markets = ["DE"]
                    edit(&$0)
                }
            }, because: because)
    }

    /// The picture, or the `.xmp` beside it, is read to say something.
    private static func embedded(
        _ name: String, _ because: String,
        _ edit: @escaping @Sendable (inout PictureMetadata) -> Void
    ) -> Way {
        Way(
            testDescription: name,
            lose: { shop in
                try await shop.arrives("one", beside: "xmp") { $0.rights.markets = ["DE"] }
                var found = PictureMetadata()
                edit(&found)
                try await shop.ledger.recordXMP(found, of: Shop.master("xmp"))
            }, because: because)
    }

    /// The channel is another now.
    private static func profile(
        _ name: String, _ because: String, _ old: String, _ new: String
    ) -> Way {
        Way(
            testDescription: name, lose: { try $0.edit(edits[0], edits[1], (old, new)) },
            because: because)
    }

    private static func withdrawn(_ name: String, from channel: String?) -> Way {
        Way(
            testDescription: name,
            lose: { shop in
                _ = try await shop.ledger.withdraw(
                    sku: "A1", view: nil, number: nil, channel: channel, because: "stolen",
                    by: "maria")
            }, because: "withdrawn")
    }

    static let ways =
        [
            declared("begins later", "rights begin on") { $0.rights.from = .distantFuture },
            declared("has ended", "rights ended") {
                $0.rights.until = Date(timeIntervalSince1970: 1_700_000_000)
            },
            declared("licence narrowed", "licensed for FR, which leaves out DE") {
                $0.rights.markets = ["FR"]
            },
            declared("not on this channel", "not to be used on 'shop'") {
                $0.rights.notOn = ["shop"]
            },
            declared("internal", "is for audience 'internal'") { $0.audience = "internal" },
            declared("withdrawn beside it", "withdrawn on") {
                $0.withdrawn = Withdrawal(at: .distantPast, because: "wrong")
            },
            declared("approval of other bytes", "approval lapsed") {
                $0.approval?.seq = 2
                $0.approval?.sha256 = Shop.master("another")
            },
            declared("approval of the future", "which is in the future") {
                $0.approval?.at = Date(timeIntervalSince1970: 3_000_000_000)
            },
            declared("no cut any more", "must not be cropped") { $0.rights.noCrop = true },
            declared("approval revoked", "approval revoked") { $0.approval = nil },
            withdrawn("withdrawn everywhere", from: nil),
            withdrawn("withdrawn from here", from: "shop"),
            embedded("the picture ends", "as the picture itself says") {
                $0.usableUntil = ["2020-12-31"]
            },
            embedded("the picture begins", "as the picture itself says") {
                $0.usableFrom = ["2060-01-01"]
            },
            embedded("the picture forbids a cut", "must not be cropped") {
                $0.constraints = ["AL-CRP"]
            },
            embedded("nobody understands it", "restricts its use by 'sometime'") {
                $0.usableUntil = ["sometime"]
            },
            Way(
                testDescription: "the .xmp cannot be read",
                lose: { shop in
                    try await shop.arrives("one", beside: "xmp") { $0.rights.markets = ["DE"] }
                    _ = try await shop.ledger.recordUnreadable(
                        xmp: Shop.master("xmp"), because: "it is no XML")
                }, because: "it is no XML"),
            profile("market widened", "leaves out AT", "[DE]", "[DE, AT]"),
            profile("market gone", "names no market", "market: [DE]\n", ""),
            profile("audience not taken", "is for audience", "audience: public", "audience: trade"),
        ]

    @Test(arguments: ways) func actsAtOnce(way: Way) async throws {
        let shop = try await Self.shop()
        try await way.lose(shop)
        let difference = try await shop.difference()
        #expect(difference.summary == ["drop A1.jpg at once"])
        let reason = difference.reasons.first ?? ""
        #expect(reason.contains(way.because), "\(reason)")
        // What `want`, feeds and boundaries go by says the same.
        let state = try await shop.ledger.skuState("A1")
        let row = try #require(state.deliveries.first)
        let licence = shop.profile.licence(
            of: row.version, as: row.heldKey, in: state, at: shop.now)
        #expect(licence?.loss?.message == reason)
        #expect(licence?.lasts(until: shop.now) == false)
        try await shop.work(sending: false)
        #expect(try await shop.rows().map(\.urgent) == [true])
        try await shop.work()
        #expect(try await shop.rows().isEmpty)
    }

    /// A channel does not want it any more: guards, feed and `old_stays` see to that in their time.
    @Test func whatIsNoLossWaitsItsTurn() async throws {
        let ways: [Way] = [
            Self.declared("another kind", "is of kind 'video'") { $0.kind = "video" },
            Self.profile(
                "a view no slot takes", "no slot of 'shop' takes view 'front'", "view: front",
                "view: detail1"),
            Self.profile(
                "another name", "needs a season", #"name: "{sku}.{ext}""#,
                #"name: "{season}.{ext}""#),
            Self.profile(
                "another product", "no product record", "public}", "public, product.x: [y]}"),
        ]
        for way in ways {
            let shop = try await Self.shop()
            try await way.lose(shop)
            let difference = try await shop.difference()
            #expect(difference.summary == ["drop A1.jpg"], "\(way.testDescription)")
            #expect(
                difference.reasons.first?.contains(way.because) == true, "\(difference.reasons)")
        }
    }

    /// The file that is there was cut; that a new one would not be does not help it.
    @Test func whatIsThereIsJudgedByHowItWasMade() async throws {
        let shop = try await Self.shop()
        try shop.edit(Self.edits[0])
        try await shop.arrives("one") {
            $0.rights.markets = ["DE"]
            $0.rights.noCrop = true
        }
        #expect(try await shop.difference().summary == ["drop A1.jpg at once"])
        try await shop.work()
        #expect(try await shop.served(["one"]) == ["A1.jpg": "one"])
    }

    /// What an edition names lasts as long as the edition.
    @Test func aFeedLooksAhead() async throws {
        let shop = try await Self.shop()
        try await shop.arrives("one") { $0.rights.until = shop.now + 3600 }
        let version = try #require(try await shop.ledger.skuState("A1").versions.first)
        let licence = shop.profile.licence(of: version, at: shop.now)
        #expect(licence.loss == nil && licence.until == shop.now + 3600)
        #expect(licence.lasts(until: shop.now + 3599))
        #expect(!licence.lasts(until: shop.now + 3600))
    }

    /// After a lost ledger nobody knows how what lies there was made, so it is asked of each rendition:
    /// a licence may allow the picture, and not what was done to it.
    @Test func whatMayNotBeAlteredIsSoughtWhereItMayLie() async throws {
        let shop = try Shop(("fit: pad", "fit: cover"))
        try await shop.arrives("one") { $0.rights.noCrop = true }
        var record = try await shop.ledger.skuRecord("A1")
        #expect(Difference(record: record, profile: shop.profile, now: shop.now).summary == [])
        record.lost = ["shop"]
        let difference = Difference(record: record, profile: shop.profile, now: shop.now)
        #expect(difference.summary == ["seek A1.jpg"])
    }
}
