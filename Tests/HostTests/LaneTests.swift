import Foundation
import Host
import Synchronization
import Testing

@Suite struct LaneTests {
    private struct Refused: Error, Equatable { var number: Int }

    @Test func keepsTheOrderAndOneThread() async {
        let lane = Lane("test")
        let seen = Mutex<[Int]>([])
        let threads = Mutex<Set<pthread_t>>([])
        for number in 0..<1000 {
            lane.submit {
                seen.withLock { $0.append(number) }
                threads.withLock { _ = $0.insert(pthread_self()) }
            }
        }
        await lane.run {}
        #expect(seen.withLock { $0 } == Array(0..<1000))
        #expect(threads.withLock(\.count) == 1)
    }

    @Test func handsBackValuesAndTypedErrors() async {
        let lane = Lane("test")
        #expect(await lane.run { 42 } == 42)
        await #expect(throws: Refused(number: 7)) {
            try await lane.run { () throws(Refused) in throw Refused(number: 7) }
        }
    }

    @Test func finishesWhatWasHandedInBeforeItWentAway() async {
        var lane: Lane? = Lane("test")
        let (done, end) = AsyncStream.makeStream(of: Int.self)
        for number in 0..<10 { lane?.submit { end.yield(number) } }
        lane?.submit { end.finish() }
        lane = nil
        var seen: [Int] = []
        for await number in done { seen.append(number) }
        #expect(seen == Array(0..<10))
    }
}
