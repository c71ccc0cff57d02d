import Control
import Foundation
import Model
import ServiceLifecycle
import SocketClient
import Testing
import Wire

/// What a client cannot do to the daemon. Every wait is for the server to hang up.
@Suite(.timeLimit(.minutes(1))) struct TimeoutsTests {
    private var impatient: SocketService.Timeouts {
        var timeouts = SocketService.Timeouts()
        timeouts.asking = 0.3
        timeouts.reading = 0.3
        return timeouts
    }

    @Test func whoeverSaysNothingIsHungUpOn() async throws {
        try await Running.with(timeouts: impatient) { running in
            let socket = try RawSocket(running.path)
            #expect(await socket.receive() == "")
        }
    }

    @Test func aRequestThatTricklesIsHungUpOn() async throws {
        try await Running.with(timeouts: impatient) { running in
            let socket = try RawSocket(running.path)
            await socket.send("POST /v1/hold HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n")
            let started = ContinuousClock.now
            var pieces = 0
            // A byte at a time would keep an idle timeout from ever firing.
            while await socket.send("{"), pieces < 1_000_000 { pieces += 1 }
            #expect(ContinuousClock.now - started < .seconds(60))
            #expect(await socket.receive() == "")
        }
    }

    /// Or anybody could hold up the stop.
    @Test func halfARequestIsNotWaitedForByTheStop() async throws {
        var timeouts = SocketService.Timeouts()
        timeouts.asking = 600
        try await Running.with(timeouts: timeouts) { running in
            let socket = try RawSocket(running.path)
            // In one piece with a whole one: with its answer the half has been read.
            await socket.send(
                "GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n"
                    + "POST /v1/hold HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12")
            #expect((await socket.receive(until: "\"version\":\"1.0\"}\n")).contains("200 OK"))
            await running.group.triggerGracefulShutdown()
            #expect(await socket.receive() == "")
        }
    }

    @Test func aConnectionIsFreeAgainAfterItsAnswer() async throws {
        var timeouts = impatient
        // Between two questions a busy machine may be longer at other things.
        timeouts.asking = 3
        try await Running.with(timeouts: timeouts) { running in
            let socket = try RawSocket(running.path)
            let question = "GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n"
            for _ in 1...3 {
                await socket.send(question)
                #expect((await socket.receive(until: "\"version\":\"1.0\"}\n")).contains("200 OK"))
            }
            #expect(await socket.receive() == "")
        }
    }

    @Test func aHugeHeaderIsRefused() async throws {
        try await Running.with { running in
            let socket = try RawSocket(running.path)
            await socket.send(
                "GET /v1/status HTTP/1.1\r\nX: " + String(repeating: "a", count: 10_000_000)
                    + "\r\n\r\n")
            let answer = await socket.receive()
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400 "))
            _ = try await running.client.call(Operations.status, StatusQuestion())
        }
    }

    @Test func aHugeBodyIsRefused() async throws {
        try await Running.with { running in
            let socket = try RawSocket(running.path)
            await socket.send(
                "POST /v1/hold HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    + "Content-Length: 100000\r\n\r\n" + String(repeating: "a", count: 100_000))
            #expect((await socket.receive()).hasPrefix("HTTP/1.1 413 "))
            _ = try await running.client.call(Operations.status, StatusQuestion())
        }
    }

    @Test func aFloodOfABodyIsHungUpOn() async throws {
        try await Running.with { running in
            let socket = try RawSocket(running.path)
            await socket.send(
                "POST /v1/hold HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n")
            let piece = String(repeating: "a", count: 1 << 20)
            var sent = 0
            while sent < 100, await socket.send(piece) { sent += 1 }
            #expect(sent < 10)
        }
    }

    @Test func whoeverFindsNoSeatIsToldSo() async throws {
        var timeouts = SocketService.Timeouts()
        timeouts.quota = ConnectionQuota(total: 4, perUser: 4, keptForOperators: 0, keptForRoot: 0)
        try await Running.with(timeouts: timeouts) { running in
            let seated = try (1...4).map { _ in try RawSocket(running.path) }
            for socket in seated {
                await socket.send("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect((await socket.receive(until: "endpoints")).contains("200 OK"))
            }
            let late = try RawSocket(running.path)
            await late.send("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = await late.receive()
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(answer.contains("all seats at the socket that this account may take"))

            // Who leaves makes room; the server notices in its own time, so ask until it has.
            seated[0].hangUp()
            var free = false
            while !free { free = (try? await running.client.call(Operations.api)) != nil }
            #expect(free)
        }
    }

    @Test func theRealNumberOfSeatsHolds() async throws {
        try await Running.with { running in
            let guests = try (1...64).map { _ in try RawSocket(running.path) }
            var welcome = 0
            for socket in guests {
                await socket.send("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n")
                let answer = await socket.receive(until: "\r\n\r\n")
                welcome += answer.hasPrefix("HTTP/1.1 200") ? 1 : 0
            }
            #expect(welcome == (getuid() == 0 ? 64 : 16))
            let late = try RawSocket(running.path)
            await late.send("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect((await late.receive()).hasPrefix("HTTP/1.1 503 "))
            for socket in guests { socket.hangUp() }
        }
    }

    @Test func aFloodOfConnectionsPasses() async throws {
        var timeouts = SocketService.Timeouts()
        let seats = ConnectionQuota()
        timeouts.quota = seats
        try await Running.with(timeouts: timeouts) { running in
            try await RawSocket.knock(running.path, times: 5000)
            var answered = false
            while !answered { answered = (try? await running.client.call(Operations.api)) != nil }
        }
        // Whoever took a seat has left it.
        #expect(seats.count == 0)
    }

    @Test func someSeatsAreKeptForRoot() {
        let seats = ConnectionQuota(total: 10, perUser: 3, keptForOperators: 2, keptForRoot: 2)
        for _ in 1...3 { #expect(seats.take(1000, as: .anyone)) }
        #expect(!seats.take(1000, as: .anyone))
        for _ in 1...3 { #expect(seats.take(1001, as: .anyone)) }
        #expect(!seats.take(1002, as: .anyone))
        #expect(seats.take(1003, as: .operator) && seats.take(1003, as: .operator))
        #expect(!seats.take(1003, as: .operator))
        #expect(seats.take(0, as: .root) && seats.take(0, as: .root))
        #expect(!seats.take(0, as: .root))
        seats.leave(1000)
        #expect(!seats.take(1002, as: .anyone) && !seats.take(1003, as: .operator))
        #expect(seats.take(0, as: .root))
        #expect(seats.count == 10)
    }
}
