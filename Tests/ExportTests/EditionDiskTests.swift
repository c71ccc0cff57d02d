import Bookkeeping
import Foundation
import Host
import Model
import Support
import Testing
import TransportsSupport

@testable import Export

/// What becomes of the disk that editions are written to, and of editions without one.
@Suite(.serialized, .timeLimit(.minutes(5))) struct EditionDiskTests {
    private static let isRoot = getuid() == 0

    private func names(_ stall: Stall) throws -> [String] {
        try Files.names(in: stall.store.editions + "/shop").sorted()
    }

    /// At the first byte, among the items, and in the document made of them.
    @Test(
        .enabled(if: isRoot, "takes root, to mount a small disk"), arguments: [0, 4, 24] as [Int64])
    func theGoodEditionStaysWhereTheNextHasNoRoom(_ kilobytes: Int64) async throws {
        try await Stall.open(PublisherTests.feed) { stall in
            let disk = try TinyDisk(stall.store.editions, "size=1m")
            defer { withExtendedLifetime(disk) {} }
            let title = String(repeating: "long ", count: 29)
            try await stall.record(try await stall.ready(2).map { String($0.dropLast(4)) })
            await stall.pass(700)
            let (good, files) = (try #require(stall.edition), try names(stall))
            try disk.fill(leaving: kilobytes << 10)
            let more = try await stall.ready(30).map { String($0.dropLast(4)) }
            try await stall.record(more, title: title)
            await stall.pass(635)
            #expect(stall.edition?.text == good.text && good.items == ["S1", "S2"])
            #expect(try names(stall) == files, "nothing half-written")
            let told = try #require(stall.context.standstills.all.first)
            #expect(told.key.part == .edition && told.key.channel == "shop")
            #expect(told.reason.contains("No space left on device"), "\(told.reason)")
            #expect(told.remedy.contains("free some space"))
            #expect(told.remedy.contains("the disk of '\(disk.path)/shop'"))
            try disk.empty()
            // Tried after 600, 610 and 630 seconds, next after 670: whoever rings makes it no sooner.
            stall.signals.wake(channel: "shop")
            await stall.pass(30)
            #expect(stall.edition?.text == good.text)
            #expect(stall.context.standstills.all.count == 1, "it stands until one is made")
            await stall.pass(10)
            #expect(stall.edition?.items.count == 32)
            #expect(stall.context.standstills.all.isEmpty)
        }
    }

    @Test func whatAKilledDaemonHadBegunIsTakenAway() async throws {
        try await Stall.open(PublisherTests.feed) { stall in
            try await stall.record(try await stall.ready(2).map { String($0.dropLast(4)) })
            await stall.pass(700)
            let (text, files) = (try #require(stall.edition?.text), try names(stall))
            try await stall.stop()
            // One under way, and one that is whole and was not written down.
            for ending in ["", ".items", ".part1", ".unchecked", ".items.unchecked"] {
                let path = "\(stall.store.editions)/shop/1764435600000.google-rss.xml\(ending)"
                try Data("<rss>".utf8).write(to: URL(filePath: path))
            }
            await stall.start()
            #expect(try names(stall) == files)
            // What is out can still be compared with the next.
            try await stall.drop("S1")
            await stall.pass(60)
            #expect(stall.edition?.items == ["S2"] && stall.edition?.text != text)
        }
    }
}
