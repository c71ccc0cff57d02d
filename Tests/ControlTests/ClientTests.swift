import Control
import Foundation
import ServiceLifecycle
import SocketClient
import Support
import Testing
import Wire

@Suite struct ClientTests {
    @Test func withoutADaemonItSaysHowToStartOne() async {
        let path = FileManager.default.temporaryDirectory.path + "/no-such-socket"
        do throws(Client.Failure) {
            _ = try await Client(socket: path).call(Operations.status, StatusQuestion())
            Issue.record("somebody answered")
        } catch {
            #expect(error.description == "no daemon is running: nothing listens on '\(path)'")
            #expect(error.next?.contains("systemctl start sluice") == true)
        }
    }

    @Test func aDeadDaemonsSocketIsNoDaemonEither() async throws {
        try await Running.with { running in
            let path = running.path
            await running.group.triggerGracefulShutdown()
            // Until the last of it is gone.
            while FileManager.default.fileExists(atPath: path),
                (try? await Client(socket: path).call(Operations.api)) != nil
            {}
            await #expect(throws: Client.Failure.self) {
                try await Client(socket: path).call(Operations.api)
            }
        }
    }

    @Test func somethingElseBehindTheSocketIsStrange() async throws {
        let home = try TemporaryDirectory()
        let path = home.path("s.sock")
        let listener = try Listener(path)
        defer { listener.close() }
        async let answering: Void = listener.answerOne(
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>")
        let answer = await Result { () async throws(Client.Failure) in
            try await Client(socket: path).call(Operations.status, StatusQuestion())
        }
        guard case .failure(.strange) = answer else {
            Issue.record("it was understood: \(answer)")
            return
        }
        try await answering
    }
}

extension Result {
    fileprivate init(_ body: () async throws(Failure) -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
