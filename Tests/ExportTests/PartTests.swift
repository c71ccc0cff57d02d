import Foundation
import Model
import Synchronization
import Testing

@testable import Bookkeeping
@testable import Export

/// What several tasks of a test look at.
private final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        value.withLock { body(&$0) }
    }
}

@Suite struct BackoffTests {
    @Test func doublesWithinItsBounds() {
        for attempts in 0...64 {
            let middle = min(5 * pow(2, Double(attempts)), 21_600)
            for _ in 1...50 {
                let delay = Backoff.delay(attempts: attempts)
                #expect(delay >= middle * 0.75 && delay <= middle * 1.25)
            }
        }
    }

    @Test func whatFailedTogetherComesApart() {
        let delays = (1...50).map { _ in Backoff.delay(attempts: 3) }
        #expect(Set(delays).count > 40)
    }
}

@Suite struct ChangeBudgetTests {
    /// Shares of a channel on which that many names are live.
    private func budget(
        live: Int, spent: [String: Int] = [:], state: String = "live"
    ) async throws -> ChangeBudget {
        let shop = try Shop(
            ("state: live", "state: \(state)\nlimits: {withdraw: 10%, replace: 20%, at_least: 5}"))
        for number in 0..<live { try await shop.arrives("\(number)", "detail", number: number) }
        try await shop.work()
        for (what, count) in spent where what == "withdraw" {
            for row in try await shop.rows().prefix(count) {
                try await shop.ledger.settle(
                    try await shop.ledger.skuRecord("A1"),
                    changes: [.drop(row, because: "", urgent: false)], refused: [],
                    channels: [], boundary: nil)
            }
            _ = try await shop.ledger.letGo(
                channel: "shop", oldStays: 0, hasFeed: false, budget: count)
            _ = try await shop.transfer()
        }
        return try await ChangeBudget(profile: shop.profile, ledger: shop.ledger)
    }

    @Test func shares() async throws {
        let budget = try await budget(live: 100)
        #expect(budget.withdrawals == 10)
        #expect(budget.replacements == 20)
    }

    @Test func smallNumbersAreFree() async throws {
        let budget = try await budget(live: 3)
        #expect(budget.withdrawals == 5)
        #expect(budget.replacements == 5)
    }

    @Test func whatWasTakenAwayCounts() async throws {
        let budget = try await budget(live: 100, spent: ["withdraw": 7])
        #expect(budget.withdrawals == 3)
        #expect(budget.replacements == 18)
    }

    @Test func aRetiredChannelMayGoWhole() async throws {
        let budget = try await budget(live: 0, state: "retired")
        #expect(budget.withdrawals == .max && budget.replacements == .max)
    }

    /// A changed profile replaces everything: what waits to be replaced is still there.
    @Test func whatIsBeingReplacedIsStillHeld() async throws {
        let shop = try Shop()
        for number in 0..<300 { try await shop.arrives("\(number)", "detail", number: number) }
        try await shop.work()
        try shop.edit(("max_bytes: 1MB", "max_bytes: 2MB"))
        try await shop.work(sending: false)
        #expect(try await shop.rows().allSatisfy { $0.state == .send && $0.replaces })
        let budget = try await ChangeBudget(profile: shop.profile, ledger: shop.ledger)
        #expect(budget.replacements == 30)
    }
}

@Suite struct WakeSignalTests {
    @Test func aRingBeforeIsKept() async {
        let signal = WakeSignal()
        signal.wake()
        signal.wake()
        await signal.wait(until: nil)
        // Several were one: the next wait ends at its deadline only.
        let clock = ContinuousClock()
        let waited = await clock.measure {
            await signal.wait(until: Date().addingTimeInterval(0.05))
        }
        #expect(waited >= .milliseconds(40))
    }

    @Test func aPassedDeadlineIsNoWait() async {
        await WakeSignal().wait(until: .distantPast)
    }

    @Test func cancellingEndsIt() async {
        let signal = WakeSignal()
        await withTaskGroup { group in
            group.addTask { await signal.wait(until: nil) }
            group.cancelAll()
            await group.waitForAll()
        }
        // And it still rings.
        signal.wake()
        await signal.wait(until: nil)
    }

    /// Every piece of work announced by a ring is seen, whoever comes first.
    @Test func noRingIsLost() async {
        let signal = WakeSignal()
        let pending = Shared(0)
        let rounds = 20_000
        await withTaskGroup { group in
            group.addTask {
                var seen = 0
                while seen < rounds {
                    let new = pending.withLock { number in
                        defer { number = 0 }
                        return number
                    }
                    seen += new
                    if new == 0 { await signal.wait(until: nil) }
                }
            }
            for _ in 1...4 {
                group.addTask {
                    for round in 1...(rounds / 4) {
                        pending.withLock { $0 += 1 }
                        signal.wake()
                        if round % 64 == 0 { await Task.yield() }
                    }
                }
            }
            await group.waitForAll()
        }
    }

    @Test func deadlinesAndRingsTogether() async {
        let signal = WakeSignal()
        let rung = Shared(false)
        await withTaskGroup { group in
            group.addTask {
                while !rung.withLock(\.self) {
                    await signal.wait(until: Date().addingTimeInterval(0.0005))
                }
            }
            group.addTask {
                for _ in 1...2000 {
                    signal.wake()
                    await Task.yield()
                }
                rung.withLock { $0 = true }
                signal.wake()
            }
            await group.waitForAll()
        }
    }
}

@Suite struct RenderQueueTests {
    private func job(_ seed: String) -> PictureJob {
        .inspect(InspectJob(master: Shop.master(seed), format: .png, attempts: 0))
    }

    @Test func oneStationToAMaster() async throws {
        let queue = RenderQueue(hungry: WakeSignal())
        #expect(await queue.add([job("one"), job("two"), job("one")]) == 2)
        let first = try #require(await queue.next())
        #expect(first.master == Shop.master("one"))
        #expect(await queue.add([job("one"), job("two")]) == 0, "in hand, and waiting")
        await queue.finish(first)
        #expect(await queue.add([job("one")]) == 0, "read before it was finished, it may be old")
        await queue.beginFetch()
        #expect(await queue.add([job("one"), job("two")]) == 1)
        #expect(await queue.next()?.master == Shop.master("two"))
        #expect(await queue.next()?.master == Shop.master("one"))
        #expect(await queue.isIdle == false)
    }

    @Test func closingSendsHomeWhoWaits() async {
        let queue = RenderQueue(hungry: WakeSignal())
        let results = await withTaskGroup(of: Bool.self) { group in
            for _ in 1...3 { group.addTask { await queue.next() == nil } }
            // The stations may be waiting or come later: both must end.
            group.addTask {
                await queue.close()
                return true
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == [true, true, true, true])
        #expect(await queue.next() == nil)
        #expect(await queue.add([job("late")]) == 0)
        #expect(await queue.isIdle)
    }

    @Test func itAsksForMoreInTime() async {
        let signal = WakeSignal()
        let queue = RenderQueue(hungry: signal)
        _ = await queue.add((1...16).map { job("\($0)") })
        _ = await queue.next()
        await signal.wait(until: nil)
    }

    /// Many stations and one feeder that offers everything again and again: each master is worked
    /// on by one station at a time, and all are.
    @Test func neverTwoOnOneMaster() async {
        let queue = RenderQueue(hungry: WakeSignal())
        let jobs = (1...200).map { job("\($0)") }
        let state = Shared((inHand: Set<ContentHash>(), done: Set<ContentHash>(), clashes: 0))
        await withTaskGroup { group in
            for _ in 1...8 {
                group.addTask {
                    while let job = await queue.next() {
                        state.withLock { state in
                            if !state.inHand.insert(job.master).inserted { state.clashes += 1 }
                        }
                        await Task.yield()
                        state.withLock { state in
                            state.inHand.remove(job.master)
                            state.done.insert(job.master)
                        }
                        await queue.finish(job)
                    }
                }
            }
            while state.withLock(\.done.count) < jobs.count {
                _ = await queue.add(jobs)
                await Task.yield()
            }
            await queue.close()
            await group.waitForAll()
        }
        #expect(state.withLock(\.clashes) == 0)
    }
}
