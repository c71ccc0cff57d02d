import Foundation
import Model
import Testing

@testable import Bookkeeping

/// Where a person does the last step: what they are told, and what their word brings about.
@Suite struct HandingOverTests {
    let book: Book

    init() throws { book = try Book() }

    /// Pictures that lie where a person fetches them.
    private func handed(_ seeds: String...) async throws {
        for seed in seeds {
            let name = "\(seed).jpg"
            try await book.settle(
                [
                    try book.wish(
                        seed, as: name, sku: seed, old: try await book.row(name, sku: seed))
                ],
                sku: seed)
            try await book.render(seed)
        }
        for claim in try await book.claim().claims { try await book.ledger.handOver(claim) }
    }

    private func manifest(_ number: Int) async throws -> Manifest {
        try #require(try await book.ledger.manifest(number, on: "shop"))
    }

    private func told(_ number: Int) async throws -> [String] {
        try await manifest(number).entries.map { "\($0.task) \($0.delivery.name)" }
    }

    private func stale() async throws -> [Int] {
        try await book.ledger.staleManifests(channel: "shop")
    }

    private func done(_ number: Int, _ items: [String]? = nil) async throws -> Attested {
        try await book.ledger.done(channel: "shop", manifest: number, items: items, by: "anna")
    }

    @Test func whatIsHandedOverIsNotThere() async throws {
        try await book.takeProfile()
        try await handed("A", "B")
        let row = try #require(try await book.row("A.jpg", sku: "A"))
        #expect(row.state == .handed && row.heldKey == nil && row.touched && row.confirmedAt == nil)
        let counts = try await book.ledger.counts(of: ["shop"])
        #expect(counts.deliveries["shop"]?["live", default: 0] ?? 0 == 0)
        #expect(counts.handed["shop"]?.count == 2 && counts.handed["shop"]?.untoldSince != nil)
        #expect(counts.oldestWaiting["shop"] == nil)
    }

    @Test func aListTellsOfWhatNoOtherTells() async throws {
        try await book.takeProfile()
        try await handed("A", "B")
        #expect(try await book.ledger.beginManifest(channel: "shop"))
        #expect(try await book.ledger.beginManifest(channel: "shop") == false)
        try await handed("C")
        #expect(try await book.ledger.beginManifest(channel: "shop"))
        #expect(try await told(1) == ["add A.jpg", "add B.jpg"])
        #expect(try await told(2) == ["add C.jpg"])
        #expect(try await manifest(1).entries[0].sha256 == Book.hash("bytes of A"))
        #expect(try await stale() == [1, 2])
        try await book.ledger.recordWritten(try await manifest(1))
        #expect(try await stale() == [2])
    }

    @Test func doneIsWhatThatListTold() async throws {
        try await book.takeProfile()
        try await handed("A", "B")
        _ = try await book.ledger.beginManifest(channel: "shop")
        try await handed("C")
        _ = try await book.ledger.beginManifest(channel: "shop")
        let first = try await done(1, ["b.JPG", "C", "Z"])
        #expect(first.arrived == 1 && first.names == ["B.jpg"] && first.unmatched == ["C", "Z"])
        #expect(try await done(1).arrived == 1)
        #expect(try await done(1).count == 0)
        let row = try #require(try await book.row("A.jpg", sku: "A"))
        #expect(row.state == .live && row.heldKey == row.key && row.confirmedBy == "said by anna")
        #expect(row.confirmedAt == book.now && !row.touched && row.heldVersion == row.version)
        #expect(try await book.row("C.jpg", sku: "C")?.state == .handed)
        #expect(
            try await book.text("SELECT held_sha256 FROM delivery WHERE name = 'A.jpg'")
                == Book.hash("bytes of A").rawValue)
        #expect(try await book.integer("SELECT COUNT(*) FROM event WHERE kind = 'done'") == 2)
        #expect(try await book.counts().kept == book.counts().true)
    }

    /// What is at its place has to be fetched no more.
    @Test func whatIsDoneIsTakenOutOnce() async throws {
        try await book.takeProfile()
        try await handed("A")
        _ = try await book.ledger.beginManifest(channel: "shop")
        try await book.ledger.recordWritten(try await manifest(1))
        _ = try await done(1)
        #expect(try await stale() == [1])
        let rows = try await book.ledger.fetched(channel: "shop", limit: 9)
        #expect(rows.map(\.name.rawValue) == ["A.jpg"])
        try await book.ledger.recordTakenOut(rows)
        #expect(try await book.ledger.fetched(channel: "shop", limit: 9).isEmpty)
        try await book.ledger.recordWritten(try await manifest(1))
        #expect(try await book.ledger.counts(of: ["shop"]).handed["shop"] == nil)
    }

    /// It is not what the list told of any more, so nobody can say that it is done.
    @Test func whatHasToGoAnotherWayLeavesItsList() async throws {
        try await book.takeProfile()
        try await handed("A", "B")
        _ = try await book.ledger.beginManifest(channel: "shop")
        try await book.ledger.recordWritten(try await manifest(1))
        let old = try await book.row("A.jpg", sku: "A")
        try await book.settle([try book.wish("A2", as: "A.jpg", sku: "A", old: old)], sku: "A")
        #expect(try await told(1) == ["add B.jpg"])
        #expect(try await stale() == [1])
        #expect(try await done(1, ["A"]).count == 0)
        #expect(try await book.row("A.jpg", sku: "A")?.state == .render)
    }

    @Test func whatTakesAnothersPlaceIsToldAsThat() async throws {
        try await book.takeProfile()
        try await book.live("A", as: "A.jpg", sku: "A")
        try await handed("A2")
        let old = try await book.row("A.jpg", sku: "A")
        try await book.settle([try book.wish("new", as: "A.jpg", sku: "A", old: old)], sku: "A")
        try await book.settle(
            [
                try book.wish("beside", as: "A-2.jpg", sku: "A", replaces: true)
            ], sku: "A")
        for seed in ["new", "beside"] { try await book.render(seed) }
        for claim in try await book.claim().claims { try await book.ledger.handOver(claim) }
        _ = try await book.ledger.beginManifest(channel: "shop")
        #expect(try await told(1) == ["replace A-2.jpg", "replace A.jpg", "add A2.jpg"])
        let entries = try await manifest(1).entries
        #expect(entries.map(\.insteadOf) == ["A.jpg", nil, nil])
        #expect(try await book.row("A.jpg", sku: "A")?.heldKey == Book.key("A"), "until it is done")
    }

    /// Two files say that they are it: what is there stays, and nobody is asked to bring either.
    @Test func whatDoesNotComeAfterAllLeavesItsList() async throws {
        try await book.takeProfile()
        try await book.live("A", as: "A.jpg", sku: "A")
        let old = try await book.row("A.jpg", sku: "A")
        try await book.settle([try book.wish("new", as: "A.jpg", sku: "A", old: old)], sku: "A")
        try await book.render("new")
        for claim in try await book.claim().claims { try await book.ledger.handOver(claim) }
        _ = try await book.ledger.beginManifest(channel: "shop")
        try await book.ledger.recordWritten(try await manifest(1))
        try await book.settle([.keep(try #require(try await book.row("A.jpg", sku: "A")))])
        let row = try #require(try await book.row("A.jpg", sku: "A"))
        #expect(row.state == .live && row.key == Book.key("A"))
        #expect(row.touched, "a person may have brought the other one without a word")
        #expect(try await told(1) == [])
        #expect(try await stale() == [1])
        #expect(try await book.ledger.fetched(channel: "shop", limit: 9).count == 1)
        #expect(try await done(1, ["A"]).count == 0)
    }

    /// What was brought to its place is where it was, wherever files are fetched from now.
    @Test func anotherFolderToFetchFromIsNoOtherPlace() async throws {
        try await book.takeProfile()
        try await handed("A", "B", "C")
        _ = try await book.ledger.beginManifest(channel: "shop")
        try await book.ledger.recordWritten(try await manifest(1))
        _ = try await done(1, ["A", "B"])
        let row = try #require(try await book.row("B.jpg", sku: "B"))
        try await book.settle([.drop(row, because: "the licence ended", urgent: true)], sku: "B")
        let claim = try #require(try await book.claim().claims.first)
        try await book.ledger.recall(claim.delivery)
        try await book.ledger.recordWritten(try await manifest(1))
        try await book.ledger.resume(
            channel: "shop", elsewhere: true, isHanded: true, by: "anna")
        #expect(try await book.row("A.jpg", sku: "A")?.state == .live)
        #expect(try await book.row("B.jpg", sku: "B")?.state == .recalled)
        #expect(try await book.row("C.jpg", sku: "C")?.state == .send)
        #expect(try await stale() == [1], "it is written where they look now")
    }

    @Test func whatMustGoIsRedUntilAPersonSaysSo() async throws {
        try await book.takeProfile()
        try await handed("A")
        _ = try await book.ledger.beginManifest(channel: "shop")
        _ = try await done(1)
        let row = try #require(try await book.row("A.jpg", sku: "A"))
        try await book.settle([.drop(row, because: "the licence ended", urgent: true)], sku: "A")
        let claim = try #require(try await book.claim().claims.first)
        try await book.ledger.recall(claim.delivery)
        #expect(try await book.claim().claims.isEmpty, "nothing is left to do for a program")
        _ = try await book.ledger.beginManifest(channel: "shop")
        #expect(try await told(2) == ["remove A.jpg"])
        func mustGo() async throws -> Int {
            try await book.ledger.counts(of: ["shop"]).urgentRemovals["shop"] ?? 0
        }
        #expect(try await mustGo() == 1)
        #expect(
            try await book.ledger.list(.mustGo(channel: "shop"), limit: 9).map(\.entry.name)
                == ["A.jpg"])
        let said = try await book.ledger.attest(
            channel: "shop", items: nil, because: "looked it up", by: "anna")
        #expect(said.gone == 1 && said.names == ["A.jpg"])
        #expect(try await mustGo() == 0)
        #expect(try await book.row("A.jpg", sku: "A") == nil)
        #expect(
            try await book.text("SELECT text FROM event WHERE kind = 'attested'")
                == "A front is gone, said by anna: looked it up")
        #expect(try await book.counts().kept == book.counts().true)
    }

    /// Nobody's word makes live what was never sent, and who lingers is not gone.
    @Test func onlyWhatMayBeThereIsAttested() async throws {
        try await book.takeProfile()
        try await book.settle([try book.wish("A", as: "A.jpg", sku: "A")], sku: "A")
        try await book.render("A")
        func attest(_ items: [String]?) async throws -> Attested {
            try await book.ledger.attest(
                channel: "shop", items: items, because: "seen there", by: "anna")
        }
        #expect(try await attest(["A"]).unmatched == ["A"])
        let claim = try #require(try await book.claim().claims.first)
        try await book.ledger.recordFailure(claim.delivery, error: "no answer", next: book.now)
        #expect(try await attest(nil).count == 0, "it does not have to go")
        #expect(try await attest(["A"]).unmatched == ["A"], "of a file, by its name")
        #expect(try await attest(["A.jpg"]).arrived == 1)
        let row = try #require(try await book.row("A.jpg", sku: "A"))
        #expect(row.state == .live && row.error == nil)
        try await book.inspected("A", [Asset(sku: "A", view: "front")])
        let record = try await book.ledger.receipts(.sku("A", channel: nil)).first
        #expect(record?.attestations.map(\.because) == ["seen there"])
        #expect(record?.attestations.first?.isGone == false)
        try await book.settle([.drop(row, because: "superseded", urgent: false)], sku: "A")
        #expect(try await attest(["A"]).count == 0)
    }
}
