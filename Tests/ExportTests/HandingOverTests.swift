import Foundation
import Model
import Testing
import TransportsSupport

@testable import Bookkeeping
@testable import Export

/// A courier who brings files to where a person fetches them, and says what to do with them.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HandingOverTests {
    private static let hand = (
        "old_stays: 1d", #"old_stays: 0s, hand: {who: anna, say: "Upload, then: sluice done shop"}"#
    )

    private func lines(_ stall: Stall, _ number: Int) -> [String] {
        let data = stall.remote.files["/" + ManifestText.fileName(number)] ?? Data()
        return String(decoding: data, as: UTF8.self).components(separatedBy: "\r\n")
            .dropFirst().filter { !$0.isEmpty }
            .map { $0.split(separator: ",", omittingEmptySubsequences: false)[1...2] }
            .map { $0.joined(separator: " ") }
    }

    private func done(_ stall: Stall, _ number: Int, _ items: [String]? = nil) async throws {
        _ = try await stall.ledger.done(
            channel: "shop", manifest: number, items: items, by: "anna")
        stall.signals.wake(channel: "shop")
        await stall.quiet()
    }

    @Test func oneListForAllThatIsReady() async throws {
        try await Stall.open(Self.hand) { stall in
            try await stall.ready(3)
            #expect(try await stall.states() == ["handed": 3])
            #expect(lines(stall, 1) == ["add S1.jpg", "add S2.jpg", "add S3.jpg"])
            #expect(stall.remote.files["/S2.jpg"] == Stall.bytes("picture 2"))
            let text = String(
                decoding: try #require(stall.remote.files["/manifest-0001.csv"]), as: UTF8.self)
            let sha256 = ContentHash.of(Stall.bytes("picture 1"))
            #expect(text.hasPrefix(ManifestText.columns.joined(separator: ",") + "\r\n"))
            #expect(text.contains("1,add,S1.jpg,,S1,front,main,22,\(sha256),\r\n"))
            await stall.pass(86_400)
            #expect(stall.calls(.put, "manifest-0001.csv") == 1, "nothing has changed")
            #expect(try await stall.states() == ["handed": 3])
        }
    }

    /// `hand` is taken out of the profile, and a person says that the channel goes on: what lies there is
    /// where it shall be, and no list lies beside it. Put back, it counts on.
    @Test func noListStaysWhereNobodyBringsAnythingOn() async throws {
        try await Stall.open(Self.hand) { stall in
            try await stall.ready(2)
            #expect(stall.remote.files["/manifest-0001.csv"] != nil)
            try await stall.take([])
            try await stall.ledger.resume(
                channel: "shop", elsewhere: true, left: "there", holdsLists: true, by: "anna")
            stall.signals.wake(channel: "shop")
            await stall.pass(60)
            #expect(stall.remote.files.keys.sorted() == ["/S1.jpg", "/S2.jpg"])
            #expect(try await stall.states() == ["live": 2])

            try await stall.take([Self.hand])
            try await stall.ledger.resume(
                channel: "shop", elsewhere: true, left: "there", holdsLists: true, by: "anna")
            stall.signals.wake(channel: "shop")
            await stall.pass(60)
            #expect(lines(stall, 1) == [] && lines(stall, 2) == ["add S1.jpg", "add S2.jpg"])
        }
    }

    /// The folder holds what is still to be done, and nothing else.
    @Test func whatIsDoneIsTakenOutOfTheFolder() async throws {
        try await Stall.open(Self.hand) { stall in
            try await stall.ready(2)
            try await done(stall, 1, ["S1"])
            #expect(try await stall.states() == ["handed": 1, "live": 1])
            #expect(stall.remote.files.keys.sorted() == ["/S2.jpg", "/manifest-0001.csv"])
            #expect(lines(stall, 1) == ["add S2.jpg"])
            try await done(stall, 1)
            #expect(stall.remote.files.isEmpty)
            #expect(try await stall.states() == ["live": 2])
        }
    }

    @Test func aSuccessorIsToldAsThat() async throws {
        try await Stall.open(Self.hand) { stall in
            try await stall.ready(1)
            try await done(stall, 1)
            try await stall.wanted("S1", "newer", replaces: true)
            stall.signals.wake(channel: "shop")
            await stall.quiet()
            #expect(lines(stall, 2) == ["replace S1.jpg"])
            #expect(stall.remote.files["/S1.jpg"] == Stall.bytes("newer"))
            try await done(stall, 2)
            #expect(try await stall.row("S1")?.confirmedBy == "said by anna")
        }
    }

    /// It may have been brought to its place already: only a person knows.
    @Test func whatMustGoIsTakenFromTheFolderAndFromItsList() async throws {
        try await Stall.open(Self.hand) { stall in
            try await stall.ready(2)
            try await stall.drop("S1")
            #expect(try await stall.states() == ["handed": 1, "recalled": 1])
            #expect(stall.remote.files["/S1.jpg"] == nil)
            #expect(lines(stall, 1) == ["add S2.jpg"])
            #expect(lines(stall, 2) == ["remove S1.jpg"])
            try await done(stall, 2)
            #expect(try await stall.row("S1") == nil)
            #expect(stall.remote.files["/manifest-0002.csv"] == nil)
        }
    }

    /// Files that are ready wait for those that are being made, and not for ever.
    @Test func aListWaitsForWhatIsBeingMade() async throws {
        try await Stall.open(Self.hand) { stall in
            try await stall.making("SLOW", "slow")
            try await stall.ready(1)
            #expect(try await stall.states() == ["handed": 1, "render": 1])
            #expect(lines(stall, 1) == [])
            await stall.pass(1300)
            #expect(lines(stall, 1) == ["add S1.jpg"])
        }
    }

    @Test func whatMustGoIsToldWhateverIsBeingMade() async throws {
        try await Stall.open(Self.hand) { stall in
            try await stall.making("SLOW", "slow")
            try await stall.ready(1)
            #expect(lines(stall, 1) == [])
            try await stall.drop("S1")
            #expect(lines(stall, 1) == ["remove S1.jpg"])
        }
    }

    @Test func aListThatCouldNotBeWrittenIsWrittenLater() async throws {
        try await Stall.open(Self.hand) { stall in
            stall.remote.next(.put, .obey, .fail(.fixHost, "the folder is full"))
            try await stall.ready(1)
            #expect(try await stall.paused()?.contains("the folder is full") == true)
            await stall.pass(200)
            #expect(lines(stall, 1) == ["add S1.jpg"])
            #expect(try await stall.paused() == nil)
        }
    }

    /// A spreadsheet would carry it out.
    @Test func aManifestHoldsNoFormula() throws {
        let delivery = Delivery(
            id: 1, channel: "shop", name: try #require(RemoteName(rawValue: "A1.jpg")),
            asset: Asset(sku: "@SUM(A1),\"a\"", view: "front"), slot: "main", position: 1,
            version: 1,
            rendition: "hero", key: ContentHash.of(Data()), state: .handed)
        let manifest = Manifest(
            channel: "shop", number: 12, madeAt: .now, changes: 1,
            entries: [Manifest.Entry(delivery: delivery, task: .add)])
        let row = ManifestText.text(manifest).components(separatedBy: "\r\n")[1]
        #expect(row == "12,add,A1.jpg,,\"'@SUM(A1),\"\"a\"\"\",front,main,,,")
        #expect(ManifestText.fileName(12) == "manifest-0012.csv")
    }
}
