import Foundation
import Host
import Model
import PictureSupport
import Rendering
import Testing

@testable import Bookkeeping
@testable import Export

/// The store's copy is hashed when it is used, and a worker sees it and nothing else of the store.
@Suite("Store damage")
struct StoreDamageTests {
    private static let done = ["good.jpg": "send", "good-zoom.jpg": "send"]

    private func path(_ master: ContentHash, in shop: Workshop) -> String {
        shop.store.masters + "/" + StoredFile.master(master)
    }

    /// Other pixels under the same name, of the same length: the last byte before the end is in a
    /// checksum that no decoder minds.
    private func damage(_ path: String) throws {
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: URL(filePath: path))
    }

    @Test("other bytes under a master's name are neither looked into nor rendered")
    func changed() async throws {
        let shop = try Workshop()
        let early = try await shop.arrives("early", color: 1)
        let late = try await shop.arrives("late", color: 2)
        try await shop.arrives("good", color: 3)
        try damage(path(early, in: shop))
        let station = try shop.station()
        // Looked into, and then it changes.
        #expect(try await shop.fetch() == 3)
        for _ in 0..<3 {
            let job = try #require(await shop.queue.next())
            _ = try await station.work(on: job)
            await shop.queue.finish(job)
        }
        try damage(path(late, in: shop))
        try await shop.work(station)
        await station.workers.close(forGood: true)
        for (sku, master) in [("early", early), ("late", late)] {
            let reason = try #require(try await shop.unusable(sku))
            #expect(
                reason.hasPrefix(
                    "the master in the store is not what was approved: '\(master.short)…' reads as")
            )
            #expect(try await shop.states(sku).isEmpty)
            #expect(try await shop.gates(sku).contains { $0.hasPrefix("the master in the store") })
        }
        #expect(try await shop.states("good") == Self.done)
        #expect(shop.pool.condition.paused == nil)
    }

    @Test("a link in a master's place is not followed")
    func link() async throws {
        let shop = try Workshop()
        let master = try await shop.arrives("bad", color: 1)
        let elsewhere = shop.folder["elsewhere.png"]
        #expect(rename(path(master, in: shop), elsewhere) == 0)
        #expect(symlink(elsewhere, path(master, in: shop)) == 0)
        let station = try shop.station()
        try await shop.work(station)
        await station.workers.close(forGood: true)
        let reason = try #require(try await shop.unusable("bad"))
        #expect(reason.contains("is not there any more"))
    }

    @Test("a master that is gone has a verdict; a store that is gone has none")
    func missing() async throws {
        let shop = try Workshop()
        let master = try await shop.arrives("bad", color: 1)
        let (file, directory) = (path(master, in: shop), shop.store.jobs(ofStation: 1))
        let shard = String(file.dropLast(65))
        #expect(rename(shard, shard + "-aside") == 0)
        #expect(throws: HostError.self) {
            try directory.lend(master, from: shop.store.masters)
        }
        #expect(rename(shard + "-aside", shard) == 0)
        try Files.remove(file)
        let station = try shop.station()
        try await shop.work(station)
        await station.workers.close(forGood: true)
        let reason = try #require(try await shop.unusable("bad"))
        #expect(reason.contains("is not there any more"))
    }

    @Test("workers begin anew where their directory was taken away")
    func directory() async throws {
        let shop = try Workshop()
        try await shop.arrives("one", color: 1)
        let station = try shop.station()
        try await shop.work(station)
        #expect(try await shop.states("one").count == 2)
        let directory = shop.store.jobs(ofStation: 1)
        try FileManager.default.removeItem(atPath: directory.path)
        try await shop.arrives("two", color: 2)
        #expect(try await shop.fetch() == 1)
        let job = try #require(await shop.queue.next())
        // What they may see is not there: put off, and others begin in the new one.
        #expect(try await station.work(on: job) != nil)
        await shop.queue.finish(job)
        try await shop.work(station)
        await station.workers.close(forGood: true)
        #expect(try await shop.states("two").count == 2)
    }

    @Test("a worker sees its job's master, the very file that was hashed, and no other's")
    func sees() async throws {
        let shop = try Workshop()
        let masters = [
            try await shop.arrives("one", color: 1), try await shop.arrives("two", color: 2),
        ]
        let station = try shop.station()
        let directory = shop.store.jobs(ofStation: 1)
        while try await shop.fetch() > 0 {
            while await !shop.queue.isIdle, let job = await shop.queue.next() {
                _ = try await station.work(on: job)
                #expect(try Files.names(in: directory.masters) == [job.master.rawValue])
                let finished = try Files.names(in: directory.finished)
                #expect(finished.allSatisfy { !$0.hasSuffix(".jpg") }, "\(finished)")
                await shop.queue.finish(job)
            }
        }
        await station.workers.close(forGood: true)
        for sku in ["one", "two"] { #expect(try await shop.states(sku).count == 2) }
        // Another file that takes the name in the store is not what the worker opens.
        var (lent, stored) = (stat(), stat())
        #expect(try directory.lend(masters[0], from: shop.store.masters) == masters[0])
        stat(directory.masters + "/" + masters[0].rawValue, &lent)
        stat(path(masters[0], in: shop), &stored)
        #expect(lent.st_ino == stored.st_ino && lent.st_nlink == 2)
        try damage(path(masters[1], in: shop))
        #expect(try directory.lend(masters[1], from: shop.store.masters) != masters[1])
        #expect(try Files.names(in: directory.masters).isEmpty)
    }
}
