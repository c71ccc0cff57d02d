import Foundation
import Model
import PictureSupport
import Rendering
import Testing

@testable import Bookkeeping
@testable import Export

/// A picture that kills, hangs or swells its worker costs one retry and then a verdict, and nobody
/// else's work.
@Suite("FaultInjection", .timeLimit(.minutes(10)))
struct FaultInjectionTests {
    private static let done = ["good.jpg": "send", "good-zoom.jpg": "send"]

    @Test(
        "over a look at it: quarantined at the second time, after all others",
        arguments: ["die", "hang", "swell"])
    func inspecting(_ kind: String) async throws {
        let shop = try Workshop()
        let bad = try await shop.arrives("bad", color: 1, side: 1600)
        let good = try await shop.arrives("good", color: 2)
        // Long enough for any picture that is one, however busy the machine.
        let station = try shop.station(
            "\(kind):\(bad.rawValue.prefix(12)):inspect", hung: kind == "hang" ? 4 : 300)
        let order = try await shop.work(station)
        await station.workers.close(forGood: true)
        #expect(order.first == bad)
        #expect(order.last == good || order.filter { $0 == bad }.count == 2)
        #expect(order.filter { $0 == bad }.count == 2)
        let reason = try #require(try await shop.unusable("bad"))
        #expect(reason.hasPrefix("looking into it ended the worker twice: the render worker"))
        if kind == "swell" { #expect(reason.contains("ran out of its memory"), "\(reason)") }
        #expect(try await shop.states("good") == Self.done)
        #expect(try await shop.states("bad").isEmpty)
        #expect(shop.pool.condition.paused == nil)
    }

    @Test(
        "over its renditions: each tried once more by itself, then the master is unusable",
        arguments: ["die", "hang", "swell"])
    func rendering(_ kind: String) async throws {
        let shop = try Workshop()
        let bad = try await shop.arrives("bad", color: 1, side: 1600)
        let good = try await shop.arrives("good", color: 2)
        let station = try shop.station(
            "\(kind):\(bad.rawValue.prefix(12)):render", hung: kind == "hang" ? 4 : 300)
        let order = try await shop.work(station)
        await station.workers.close(forGood: true)
        // Both are looked into, both rendered, and the one that was begun before comes last.
        #expect(order == [bad, good, bad, good, bad])
        let reason = try #require(try await shop.unusable("bad"))
        #expect(reason.hasPrefix("two renditions, each by itself, ended the worker: the render"))
        #expect(try await shop.states("good") == Self.done)
        #expect(try await shop.states("bad").isEmpty)
    }

    @Test("with one rendition, that one is refused and says why")
    func oneRendition() async throws {
        let shop = try Workshop(without: "zoom")
        let bad = try await shop.arrives("bad", color: 1)
        let station = try shop.station("die:\(bad.rawValue.prefix(12)):render")
        let order = try await shop.work(station)
        await station.workers.close(forGood: true)
        #expect(order == [bad, bad, bad])
        #expect(try await shop.unusable("bad") == nil)
        let gates = try await shop.gates("bad")
        #expect(gates.contains { $0.contains("ended the worker twice") }, "\(gates)")
    }

    @Test("one that hangs is in nobody's way")
    func nobodyWaits() async throws {
        let shop = try Workshop()
        let bad = try await shop.arrives("bad", color: 1)
        for color in 2...5 { try await shop.arrives("good-\(color)", color: UInt8(color)) }
        // It would take five minutes to notice: the others are done meanwhile, or this never ends.
        let stuck = try shop.station("hang:\(bad.rawValue.prefix(12))", number: 1)
        let free = try shop.station(number: 2)
        #expect(try await shop.fetch() == 5)
        let job = try #require(await shop.queue.next())
        #expect(job.master == bad)
        async let hanging = stuck.work(on: job)
        var more = 4
        while more > 0 {
            for _ in 0..<more {
                let job = try #require(await shop.queue.next())
                let rest = try await free.work(on: job)
                await shop.queue.finish(job, restingUntil: rest)
            }
            more = try await shop.fetch()
        }
        for color in 2...5 { #expect(try await shop.states("good-\(color)").count == 2) }
        await stuck.workers.close(forGood: true)
        await free.workers.close(forGood: true)
        _ = try await hanging
        #expect(try await shop.unusable("bad") == nil, "our own stop is not its doing")
        #expect(try await shop.ledger.mastersToInspect(limit: 9).map(\.attempts) == [0])
    }

    @Test("of those that are suspected, one at a time is tried, and after all others")
    func suspects() async throws {
        let queue = RenderQueue(hungry: WakeSignal())
        func job(_ seed: String, attempts: Int) -> PictureJob {
            .inspect(
                InspectJob(master: .of(Data(seed.utf8)), format: .png, attempts: attempts))
        }
        let (one, two, fresh) = (
            job("1", attempts: 1), job("2", attempts: 1), job("3", attempts: 0)
        )
        #expect(await queue.add([one, two, fresh]) == 3)
        #expect(await queue.next()?.master == fresh.master)
        #expect(await queue.next()?.master == one.master)
        async let next = queue.next()
        // Whoever waits gets what is fresh, while one that is suspected is in hand.
        let late = job("4", attempts: 0)
        #expect(await queue.add([late]) == 1)
        #expect(await next?.master == late.master)
        async let last = queue.next()
        await queue.finish(one, restingUntil: nil)
        #expect(await last?.master == two.master)
    }

    @Test("a worker that does not start is no picture's fault")
    func doesNotStart() async throws {
        let shop = try Workshop()
        try await shop.arrives("good", color: 2)
        let lost = shop.station(running: "/nonexistent/sluice-render")
        let silent = shop.station(running: "/bin/true", number: 3)
        for station in [lost, silent] {
            #expect(try await shop.fetch() == 1)
            let job = try #require(await shop.queue.next())
            #expect(try await station.work(on: job) == nil)
            await shop.queue.finish(job, restingUntil: nil)
            #expect(shop.pool.condition.paused?.contains("does not start") == true)
        }
        #expect(try await shop.ledger.mastersToInspect(limit: 9).map(\.attempts) == [0])
        let able = try shop.station(number: 2)
        while let job = await next(shop), case .inspect = job {
            _ = try await able.work(on: job)
            await shop.queue.finish(job, restingUntil: nil)
        }
        // Now it would be rendered, and cannot be.
        let waiting = try await shop.ledger.rendersWaiting(limit: 9)
        #expect(waiting.map(\.attempts) == [0])
        _ = try await lost.work(on: .render(try #require(waiting.first)))
        #expect(try await shop.ledger.rendersWaiting(limit: 9).map(\.attempts) == [0])
        await shop.queue.close()
        await able.workers.close(forGood: true)
    }

    private func next(_ shop: Workshop) async -> PictureJob? {
        guard let count = try? await shop.fetch(), count > 0 else { return nil }
        return await shop.queue.next()
    }

    @Test("a master that the host cannot serve rests, and is no verdict")
    func hostFails() async throws {
        let shop = try Workshop()
        let master = try await shop.arrives("good", color: 2)
        // Not the file alone, which would be damage: the disk it lies on.
        let path = String((shop.store.masters + "/" + StoredFile.master(master)).dropLast(65))
        #expect(rename(path, path + "-aside") == 0)
        let station = try shop.station()
        #expect(try await shop.fetch() == 1)
        let job = try #require(await shop.queue.next())
        let rest = try await station.work(on: job)
        #expect(rest != nil)
        await shop.queue.finish(job, restingUntil: rest)
        #expect(try await shop.fetch() == 0, "it rests")
        #expect(try await shop.unusable("good") == nil)
        #expect(rename(path + "-aside", path) == 0)
        await shop.queue.finish(job, restingUntil: nil)
        try await shop.work(station)
        await station.workers.close(forGood: true)
        #expect(try await shop.states("good") == Self.done)
    }
}
