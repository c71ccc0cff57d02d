import Control
import Foundation
import Model
import ServiceLifecycle
import SocketClient
import Testing
import Wire

@Suite(.timeLimit(.minutes(1))) struct WatchTests {
    @Test func eventsArriveAsTheyHappenAndEndWithTheDaemon() async throws {
        try await Running.with { running in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                let (got, get) = AsyncStream<Int64>.makeStream()
                tasks.addTask {
                    try await running.client.watch(
                        Operations.events, EventsQuestion(after: 7)
                    ) { _, event in
                        get.yield(event.id)
                        return true
                    }
                    get.finish()
                }
                var arrivals = running.operations.arrivals.makeAsyncIterator()
                #expect(await arrivals.next() == 7)
                var ids = got.makeAsyncIterator()
                for id: Int64 in 8...10 {
                    running.operations.send(FakeOperations.event(id))
                    #expect(await ids.next() == id)
                }
                await running.group.triggerGracefulShutdown()
                #expect(await ids.next() == nil)
                try await tasks.waitForAll()
            }
        }
    }

    @Test func aWatcherThatNeverReadsIsHungUpOn() async throws {
        var timeouts = SocketService.Timeouts()
        timeouts.reading = 0.3
        try await Running.with(timeouts: timeouts) { running in
            let socket = try RawSocket(running.path)
            await socket.send("GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n")
            var arrivals = running.operations.arrivals.makeAsyncIterator()
            _ = await arrivals.next()
            let (ended, end) = AsyncStream<Void>.makeStream()
            running.operations.onEnd { end.finish() }
            let text = String(repeating: "x", count: 10_000)
            for id in 1...1000 {
                running.operations.send(FakeOperations.event(Int64(id), text: text))
            }
            for await _ in ended {}
            let received = await socket.receive()
            #expect(received.utf8.count < 9_000_000)
        }
    }

    @Test func aWatcherThatHangsUpIsNoticedWithoutAnEvent() async throws {
        try await Running.with { running in
            let socket = try RawSocket(running.path)
            await socket.send("GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n")
            var arrivals = running.operations.arrivals.makeAsyncIterator()
            _ = await arrivals.next()
            let (ended, end) = AsyncStream<Void>.makeStream()
            running.operations.onEnd { end.finish() }
            socket.hangUp()
            for await _ in ended {}
        }
    }

    @Test func anAfterThatIsNoNumberIsRefused() async throws {
        try await Running.with { running in
            let socket = try RawSocket(running.path)
            await socket.send("GET /v1/events?after=x HTTP/1.1\r\nConnection: close\r\n\r\n")
            #expect((await socket.receive()).contains("'after' is not a number"))
        }
    }
}
