import Foundation
import Model
import Testing

@testable import Bookkeeping

/// The same bytes in several places, each with a sidecar of its own.
@Suite struct TestimonyTests {
    let book: Book

    init() throws { book = try Book() }

    private func version(_ sku: String = "A1") async throws -> Version {
        try #require(try await book.ledger.skuState(sku).versions.first)
    }

    private func accept(
        _ path: String, replacing: [String] = [], beside description: String? = nil,
        sku: String = "A1",
        _ edit: (inout Declaration) -> Void = { _ in }
    ) async throws {
        var declaration = Declaration(
            assets: [Asset(sku: sku, view: "front")], approval: book.approval())
        edit(&declaration)
        var arrival = Arrival(
            path: path, fingerprint: path, batch: nil, declaration: declaration,
            master: Book.hash("one"), bytes: 1000, format: .png,
            description: description.map(Book.hash))
        arrival.replacing = replacing
        try await book.ledger.accept(arrival)
    }

    /// Where it was given it is taken back, and not while another gives it still.
    @Test func anApprovalThatNobodyGivesAnyMoreIsRevoked() async throws {
        try await accept("one.png")
        try await accept("copy.png")
        try await accept("unapproved.png") { $0.approval = nil }
        #expect(try await version().approval != nil)
        try await accept("one.png") { $0.approval = nil }
        #expect(try await version().approval != nil)
        try await accept("copy.png") { $0.approval = nil }
        #expect(try await version().approval == nil)
        #expect(
            try await version().approvalFault
                == .lapsed("approval revoked: what is said of its files gives none any more"))
        try await accept("one.png")
        #expect(try await version().approval != nil)
        #expect(try await version().approvalFault == nil)
    }

    @Test func aFileThatWasMovedSpeaksForItself() async throws {
        try await accept("one.png") { $0.rights.markets = ["DE"] }
        try await accept("old/one.png", replacing: ["one.png"])
        // That it was moved lifts nothing; a later approval does.
        #expect(try await version().rights.markets == ["DE"])
        try await accept("old/one.png") { $0.approval?.seq = 2 }
        #expect(try await version().rights.markets == nil)
        try await accept("old/one.png") { $0.approval = nil }
        #expect(try await version().approval == nil)
    }

    /// One that gives no approval, or gave it before, takes nobody's place.
    @Test func whatIsGoneIsNotForgottenForACopy() async throws {
        try await accept("one.png") { $0.rights.until = self.book.now }
        try await accept("copy.png")
        try await accept("copy.png", replacing: ["one.png"])
        #expect(try await version().rights.until == book.now)
        try await accept("unapproved.png", replacing: ["one.png", "copy.png"]) { $0.approval = nil }
        #expect(try await version().approval != nil)
    }

    /// Of a sidecar and a manifest, the one that is left is not all that was said.
    @Test func aDocumentThatIsGoneLiftsNothing() async throws {
        try await accept("one.png") {
            $0.documents = [.sidecar, .manifest]
            $0.rights.until = self.book.now
        }
        try await accept("one.png") {
            $0.documents = [.manifest]
            $0.approval = nil
        }
        #expect(try await version().approval != nil)
        #expect(try await version().rights.until == book.now)
        try await accept("one.png") {
            $0.documents = [.manifest]
            $0.approval?.seq = 2
        }
        #expect(try await version().rights == Rights())
    }

    /// What every `.xmp` of an approved copy says counts, and of nobody else's.
    @Test func everyXMPIsHeard() async throws {
        var ended = PictureMetadata()
        ended.usableUntil = ["2020-01-01"]
        for (path, said) in [("one.png", ended), ("copy.png", PictureMetadata())] {
            try await accept(path, beside: path)
            try await book.ledger.recordXMP(said, of: Book.hash(path))
        }
        #expect(try await version().rights.endsInside)
        try await accept("one.png", sku: "A2") { $0.assets.append(Asset(sku: "A1", view: "front")) }
        #expect(try await version("A2").rights.endsInside)
        try await accept("other.png", beside: "other.png", sku: "B1")
        try await book.ledger.recordXMP(PictureMetadata(), of: Book.hash("other.png"))
        try await accept("unapproved.png", beside: "one.png", sku: "B1") { $0.approval = nil }
        #expect(try await !version("B1").rights.endsInside)
    }

    /// The rest of what is said counts at once.
    @Test func whatTakesAnApprovalBackMayWaitAlone() async throws {
        try await accept("one.png")
        var arrival = Arrival(
            path: "one.png", fingerprint: "2", batch: nil,
            declaration: Declaration(
                assets: [Asset(sku: "A1", view: "front")], rights: Rights(until: book.now)),
            master: Book.hash("one"), bytes: 1000, format: .png)
        arrival.keepsApproval = true
        try await book.ledger.accept(arrival)
        #expect(try await version().approval != nil)
        #expect(try await version().rights.until == book.now)
    }

    /// Reading the same again makes nobody the newest.
    @Test func whatIsSaidAgainIsNoNews() async throws {
        try await accept("one.png") { $0.tags = ["old"] }
        book.clock.step(1)
        try await accept("copy.png") { $0.tags = ["new"] }
        book.clock.step(1)
        try await accept("one.png") { $0.tags = ["old"] }
        #expect(try await version().tags == ["new"])
    }

    /// Whoever is read last decides nothing.
    @Test func ofEqualApprovalsTheNarrowestRightsCount() async throws {
        try await accept("one.png") {
            $0.rights.until = self.book.now
            $0.rights.markets = ["EU"]
        }
        try await accept("copy.png") { $0.rights.markets = ["DE", "CH"] }
        for path in ["one.png", "copy.png"] {
            #expect(try await version().rights.until == book.now)
            #expect(try await version().rights.markets == ["DE"])
            try await accept(path) {
                $0.rights.markets = path == "one.png" ? ["EU"] : ["DE", "CH"]
                if path == "one.png" { $0.rights.until = self.book.now }
            }
        }
        // One without an approval widens nothing.
        try await accept("unapproved.png") { $0.approval = nil }
        #expect(try await version().rights.markets == ["DE"])
        // A later one counts alone: the licence was renewed.
        try await accept("renewed.png") { $0.approval?.seq = 2 }
        #expect(try await version().rights == Rights())
    }

    /// A wrong SKU, mended.
    @Test func whatIsSaidOfAnotherSKUIsSaidOfThisOneNoMore() async throws {
        try await accept("one.png")
        try await accept("one.png", sku: "A2")
        #expect(try await version("A2").approval != nil)
        #expect(
            try await version("A1").approvalFault
                == .lapsed("approval revoked: 'one.png' is said to show A2 front now"))
        // The name alone corrects nothing.
        try await accept("one.png", sku: "A3") { $0.documents = [] }
        #expect(try await version("A2").approval != nil)
    }

    /// It says what the picture shows, and neither that it is free nor that nobody approved it.
    @Test func aSidecarThatIsGoneChangesNothing() async throws {
        try await accept("one.png") {
            $0.rights.until = self.book.now
            $0.audience = "internal"
        }
        try await accept("one.png") {
            $0.approval = nil
            $0.documents = []
        }
        #expect(try await version().approval != nil)
        #expect(try await version().rights.until == book.now)
        #expect(try await version().audience == "internal")
    }

    @Test func whatTakesAnApprovalBackIsKnownBefore() async throws {
        try await accept("one.png")
        func revokes(_ sku: String = "A1", _ edit: (inout Declaration) -> Void) async throws -> Bool
        {
            var declaration = Declaration(
                assets: [Asset(sku: sku, view: "front")], approval: book.approval())
            edit(&declaration)
            let arrival = Arrival(
                path: "one.png", fingerprint: "2", batch: nil, declaration: declaration,
                master: Book.hash("one"), bytes: 1000, format: .png)
            return try await book.ledger.standing(of: arrival).revokes
        }
        #expect(try await !revokes { $0.approval?.seq = 2 })
        #expect(try await !revokes { ($0.approval, $0.documents) = (nil, []) })
        #expect(try await revokes { $0.approval = nil })
        #expect(try await revokes("A2") { _ in })
    }

    /// Taken from the spool for being wrong, it was not the end of what is wrong with it.
    @Test func withdrawnBytesStaySoUnderAnotherView() async throws {
        try await accept("one.png")
        _ = try await book.ledger.withdraw(
            sku: "A1", view: nil, number: nil, channel: nil, because: "stolen", by: "maria")
        try await accept("again.png") { $0.assets = [Asset(sku: "A1", view: "back")] }
        #expect(
            try await book.ledger.skuState("A1").versions.map { $0.withdrawn?.because }
                == ["stolen", "stolen"])
        // Another SKU's licence is its own.
        try await accept("other.png", sku: "B1")
        #expect(try await version("B1").withdrawn == nil)
    }
}
