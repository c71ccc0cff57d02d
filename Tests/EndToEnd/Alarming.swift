import Foundation
import Model
import Support
import Testing
import Wire

/// Somebody is told, by a program and by an address, when it begins and when it is over.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Alarming {
    @Test func aHeldChannelIsToldOnceAndWhenItIsOver() async throws {
        // The end of a message.
        let end = #"what to type.\n"}"#
        let refuses: [RawServer.Act] = [.readUntil(end), .send("HTTP/1.1 500 Oops\r\n\r\n")]
        let takes: [RawServer.Act] = [.readUntil(end), .send("HTTP/1.1 200 OK\r\n\r\n")]
        let hook = try RawServer(scripts: [refuses, refuses, takes])
        defer { hook.stop() }
        try await Site.with { site in
            try site.home.write("k3y", to: "credentials/hook", mode: 0o600)
            let told = site.home.path("told")
            let program = try site.home.write(script: "cat >> '\(told)'", to: "alarm")
            let path = site.configuration
            let before = try String(contentsOfFile: path, encoding: .utf8)
            try site.home.write(
                before
                    + "alarm: {run: '\(program)', post: '\(hook.url)', secret: 'credential:hook', "
                    + "allow_private: true, after: 0s}\n", to: "sluice.yaml")
            func text() -> String { (try? String(contentsOfFile: told, encoding: .utf8)) ?? "" }
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            #expect(!FileManager.default.fileExists(atPath: told))
            #expect(try await site.sluice("hold", "folder", "--because", "sale").status == 0)
            try await site.wait(for: "the hold to be told") { text().contains("folder: held:") }
            try await site.wait(for: "status to say that the hook fails") {
                try await site.sluice("status").output.contains("nobody is told by 'post'")
            }
            try await site.wait(for: "the hook to be told all the same") {
                hook.requests.count >= 3 && hook.requests[2].contains("\"kind\":\"held\"")
            }
            // A restart tells nothing again.
            #expect(await site.stop() == 0)
            try site.start()
            try await site.ready()
            #expect(try await site.sluice("resume", "folder").status == 0)
            try await site.wait(for: "the end to be told") {
                text().contains("Over:\n- folder: held")
            }
            #expect(
                text().components(separatedBy: "A person is needed:\n- folder: held").count == 2)
            try await site.settle()
            try await site.wait(for: "all to be well") { try await site.status().verdict == .ok }
            try Self.checkSignature(try #require(hook.requests.first))
        }
    }

    private static func checkSignature(_ request: String) throws {
        let parts = request.components(separatedBy: "\r\n\r\n")
        let code = HMAC.sha256(Data(parts[1].utf8), key: Array("k3y".utf8))
            .map { String(format: "%02x", $0) }.joined()
        #expect(parts[0].contains("X-Sluice-Signature: sha256=\(code)"))
    }
}
