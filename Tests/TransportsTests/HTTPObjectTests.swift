import Foundation
import Model
import Support
import Testing
import TransportsSupport

@testable import Transports

/// Servers that number what they are given, and those that take their time with it.
@Suite(.fewServers) struct HTTPObjectTests {
    private let trial: HTTPTrial

    init() throws { trial = try HTTPTrial() }

    // MARK: What the server calls it

    private func numbering() throws -> HTTPManner {
        try HTTPTrial.manner {
            $0.method = .post
            $0.object = .pointer(try #require(JSONPointer("/data/0/id")))
            $0.at = try FieldText("pictures/{object}", known: ["object", "name"])
        }
    }

    private static let made = #"{"data": [{"id": 9007199254740993}]}"#

    @Test func whatTheServerCallsItIsTheWayBack() async throws {
        try await trial.with(
            try numbering(), HTTPTrial.taking("201 Created", Self.made),
            [
                HTTPTrial.head,
                .send("HTTP/1.1 200 OK\r\nContent-Length: 11\r\nConnection: close\r\n\r\n"),
            ],
            HTTPTrial.asked("403 Forbidden"), HTTPTrial.asked("204 No Content"),
            HTTPTrial.asked("404 Not Found"),
            HTTPTrial.asked("404 Not Found")
        ) { transport, server in
            let object = try await transport.put(trial.file, as: trial.name)
            #expect(object?.id == "9007199254740993")
            guard
                case .confirmed(_, let found) = try await transport.look(
                    for: try makeOutgoing(Data(count: 11), in: trial.folder), as: trial.name,
                    object: object)
            else {
                Issue.record("it is not found by its number")
                return
            }
            #expect(found?.id == object?.id)
            try await transport.remove(trial.name, object: object)
            #expect(try await transport.isAbsent(trial.name, object: object))
            #expect(
                server.requests.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
                    .contains("DELETE /v1/pictures/9007199254740993"))
        }
    }

    /// Nothing can be said of what was sent and whose number was lost with the answer.
    @Test func whatWasNeverNamedIsNotProvenGone() async throws {
        try await trial.with(try numbering()) { transport, _ in
            let error = await #expect(throws: DeliveryError.self) {
                try await transport.remove(trial.name, object: nil)
            }
            #expect(error?.message.contains("'sluice attest'") == true)
            #expect(error?.origin == .here)
            await #expect(throws: DeliveryError.self) {
                _ = try await transport.isAbsent(trial.name, object: nil)
            }
        }
    }

    /// All of it was sent, and what the server made of it is not told.
    @Test func aLostAnswerMayHaveNamedSomething() async throws {
        let whole: [RawServer.Act] = [HTTPTrial.head, .readBody(11)]
        let lost: [[RawServer.Act]] = [
            whole + [.close], whole + [.reset], HTTPTrial.taking("504 Gateway Timeout"),
            HTTPTrial.taking("201 Created", "{}"),
        ]
        for script in lost {
            #expect(try await trial.error(try numbering(), script).mayLie, "\(script)")
        }
        for script in [HTTPTrial.taking("503 Busy"), HTTPTrial.taking("422 No")] {
            #expect(try await !trial.error(try numbering(), script).mayLie, "\(script)")
        }
        #expect(try await !trial.error(HTTPManner(), whole + [.close]).mayLie, "it has its name")
    }

    @Test(arguments: [
        ("/v1/pictures/7?x=1", "/v1/pictures/7?x=1"),
        ("http://127.0.0.1:PORT/pictures/7", "/pictures/7"),
        ("https://elsewhere.example.com/7", nil), ("//elsewhere.example.com/7", nil),
        ("/v1/../admin", nil), ("7", nil), ("", nil),
    ])
    func aLocationIsAnAddressOfTheSameServer(said: String, id: String?) async throws {
        // What it says of itself is written before it listens.
        let port = try Port.free()
        let location = said.replacing("PORT", with: "\(port)")
        let server = try RawServer(
            HTTPTrial.taking("201 Created", "", "Location: \(location)\r\n"), port: port)
        defer { server.stop() }
        var options = HTTPOptions(.server(port, "/v1/"))
        options.manner = HTTPTrial.manner {
            $0.method = .post
            $0.object = .header("location")
        }
        let transport = try make(options, in: trial.folder)
        if let id {
            #expect(try await transport.put(trial.file, as: trial.name)?.id == id)
        } else {
            let error = await #expect(throws: DeliveryError.self) {
                try await transport.put(trial.file, as: trial.name)
            }
            #expect(error?.remedy == .fixProfile)
        }
        await transport.close()
    }

    @Test func aNumberNeverLeavesItsPlaceInAnAddress() async throws {
        for (id, path) in [("a/../b?c#d", "a%2F..%2Fb%3Fc%23d"), ("é", "%C3%A9")] {
            try await trial.with(try numbering(), HTTPTrial.asked("204 No Content")) {
                transport, server in
                try await transport.remove(trial.name, object: RemoteObject(id: id))
                #expect(
                    server.requests.first?.hasPrefix("DELETE /v1/pictures/\(path) HTTP") == true)
            }
        }
        for id in ["..", ".", "", String(repeating: "x", count: 300), "a\\u0000"] {
            let error = try await trial.error(
                try numbering(), HTTPTrial.taking("201 Created", #"{"data": [{"id": "\#(id)"}]}"#))
            #expect(error.remedy == .fixProfile)
        }
    }

    @Test func whatIsReplacedGoesOrTheNewOneDoes() async throws {
        let old = RemoteObject(id: "1")
        try await trial.with(
            try numbering(), HTTPTrial.taking("201 Created", Self.made),
            HTTPTrial.asked("204 No Content")
        ) { transport, server in
            let object = try await transport.put(trial.file, as: trial.name, replacing: old)
            #expect(object?.id == "9007199254740993")
            #expect(server.requests.last?.hasPrefix("DELETE /v1/pictures/1 ") == true)
        }
        try await trial.with(
            try numbering(), HTTPTrial.taking("201 Created", Self.made),
            HTTPTrial.asked("503 Busy"),
            HTTPTrial.asked("204 No Content")
        ) { transport, server in
            let error = await #expect(throws: DeliveryError.self) {
                try await transport.put(trial.file, as: trial.name, replacing: old)
            }
            #expect(error?.remedy == .retry(after: nil))
            #expect(server.requests.last?.contains("DELETE /v1/pictures/9007199254740993") == true)
        }
    }

    // MARK: What takes its time

    @Test func whatIsPutAsideIsAskedForUntilItIsThere() async throws {
        let polled = HTTPTrial.manner { $0.confirm = .poll }
        try await trial.with(
            polled, HTTPTrial.taking("202 Accepted"),
            HTTPTrial.asked("404 Not Found", "", "Retry-After: 40\r\n"),
            HTTPTrial.asked("202 Accepted"),
            [HTTPTrial.head, .send("HTTP/1.1 200 OK\r\nContent-Length: 150\r\n\r\n")]
        ) { transport, _ in
            let object = try await transport.put(trial.file, as: trial.name)
            #expect(
                try await transport.look(for: trial.file, as: trial.name, object: object)
                    == .processing(after: 40))
            #expect(
                try await transport.look(for: trial.file, as: trial.name, object: object)
                    == .processing())
            #expect(
                try await transport.look(for: trial.file, as: trial.name, object: object)
                    == .different("150 bytes in place of 11"))
        }
        // Nobody has promised it.
        try await trial.with(polled, HTTPTrial.asked("404 Not Found")) { transport, _ in
            let there = try await transport.look(for: trial.file, as: trial.name)
            #expect(there == .absent)
        }
    }

    /// What was seen there once and is not any more is lost.
    @Test func whatHasComeIsAwaitedNoLonger() async throws {
        var polled = try numbering()
        polled.confirm = .poll
        polled.done = try HTTPTrial.condition("/status", "READY")
        try await trial.with(
            polled, HTTPTrial.taking("201 Created", Self.made),
            HTTPTrial.asked("404 Not Found"), HTTPTrial.asked("200 OK", #"{"status": "READY"}"#),
            HTTPTrial.asked("404 Not Found")
        ) { transport, _ in
            let object = try await transport.put(trial.file, as: trial.name)
            func look(_ object: RemoteObject?) async throws -> Presence {
                try await transport.look(for: trial.file, as: trial.name, object: object)
            }
            #expect(try await look(object) == .processing())
            guard case .confirmed(.answer, let seen) = try await look(object) else {
                Issue.record("it is there")
                return
            }
            #expect(seen?.id == object?.id)
            #expect(try await look(seen) == .absent)
        }
    }

    @Test func theServersWordIsHeard() async throws {
        let polled = try HTTPTrial.manner {
            $0.confirm = .poll
            $0.done = try HTTPTrial.condition("/status", "READY")
            $0.failed = try HTTPTrial.condition("/status", "FAILED")
        }
        let object = RemoteObject(id: "in/a.jpg")
        try await trial.with(
            polled, HTTPTrial.asked("200 OK", #"{"status": "UPLOADED"}"#, "Retry-After: 5\r\n"),
            HTTPTrial.asked("200 OK", #"{"status": "FAILED", "why": "too dark"}"#),
            HTTPTrial.asked("200 OK", #"{"status": "READY"}"#)
        ) { transport, _ in
            func look() async throws -> Presence {
                try await transport.look(for: trial.file, as: trial.name, object: object)
            }
            #expect(try await look() == .processing(after: 5))
            guard case .different(let why) = try await look() else {
                Issue.record("a failure is not told")
                return
            }
            #expect(why.contains("too dark"))
            #expect(try await look().confirmation == .answer)
        }
    }

    @Test func everyFileIsReadBackWhereThatIsSaid() async throws {
        let whole = HTTPTrial.manner { $0.confirm = .get }
        let same = HTTPTrial.asked("200 OK", "a rendition")
        try await trial.with(
            whole, same, same, same, same, same, same, same,
            HTTPTrial.asked("200 OK", "a rendering")
        ) { transport, server in
            for _ in 1...7 {
                #expect(
                    try await transport.look(for: trial.file, as: trial.name).confirmation == .hash)
            }
            guard case .different = try await transport.look(for: trial.file, as: trial.name) else {
                Issue.record("other bytes of the same length are taken for ours")
                return
            }
            #expect(server.requests.allSatisfy { $0.hasPrefix("GET ") })
        }
    }
}
