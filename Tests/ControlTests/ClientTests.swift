import Control
import Foundation
import ServiceLifecycle
import Testing

@Suite struct ClientTests {
    @Test func withoutADaemonItSaysHowToStartOne() async {
        let path = FileManager.default.temporaryDirectory.path + "/no-such-socket"
        do throws(Client.Failure) {
            _ = try await Client(socket: path).get("/v1/status")
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
                (try? await Client(socket: path).get("/v1")) != nil
            {}
            await #expect(throws: Client.Failure.self) { try await Client(socket: path).get("/v1") }
        }
    }

    @Test func somethingElseBehindTheSocketIsStrange() throws {
        let client = Client(socket: "/nowhere")
        #expect(throws: Client.Failure.self) {
            try client.decode(ErrorAnswer.self, Data("<html>".utf8))
        }
    }
}
