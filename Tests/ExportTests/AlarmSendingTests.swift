import Foundation
import Host
import Model
import Support
import Testing
import Transports
import Wire

@testable import Export

@Suite(.timeLimit(.minutes(2))) struct AlarmSendingTests {
    private let home: TemporaryDirectory
    private let digest: AlarmDigest

    init() throws {
        home = try TemporaryDirectory()
        let since = Date(timeIntervalSince1970: 1_780_000_000)
        let cause = StatusAnswer.Cause(
            .paused, .red, on: "otto", "paused: \"wrong\" password\n.\nat Müller's")
        digest = AlarmDigest(
            at: since, begun: [.init(cause, since: since)],
            ended: [.init(cause, since: since, until: since)], lasting: [])
    }

    private func sending(_ edit: (inout AlarmSettings) -> Void) -> AlarmSending {
        var settings = AlarmSettings()
        edit(&settings)
        return AlarmSending(
            settings: settings,
            credentials: Credentials(directory: home.path("credentials"), systemd: nil),
            text: AlarmText(host: "shop1", zone: .gmt))
    }

    private func script(_ text: String) throws -> String {
        try home.write(script: text, to: "alarm")
    }

    @Test func aProgramGetsTheTextAndTheJSON() async throws {
        let path = try script(
            "cd '\(home.path)'; cat > text; printf '%s' \"$SLUICE_ALARM\" > json; id -u > /dev/null"
        )
        try await sending { $0.run = path }.send(digest, by: .run)
        let text = try String(contentsOfFile: home.path("text"), encoding: .utf8)
        #expect(text.hasPrefix("sluice on shop1: 1 wants a person, 1 is over\n"))
        #expect(text.contains("- otto: paused: \"wrong\" password\n    .\n    at Müller's\n"))
        let json = try JSONSerialization.jsonObject(
            with: try Data(contentsOf: URL(filePath: home.path("json"))))
        let message = try #require(json as? [String: Any])
        #expect(message["text"] as? String == text && message["host"] as? String == "shop1")
        let begun = try #require((message["begun"] as? [[String: Any]])?.first)
        #expect(begun["kind"] as? String == "paused" && begun["channel"] as? String == "otto")
    }

    @Test func aProgramThatFailsIsQuoted() async throws {
        let path = try script("echo out; echo 'no such room' >&2; exit 3")
        let error = await #expect(throws: Untold.self) {
            try await sending { $0.run = path }.send(digest, by: .run)
        }
        #expect(error?.why == "'\(path)' ended with exit status 3: no such room")
        await #expect(throws: Untold.self) {
            try await sending { $0.run = "/no/such/program" }.send(digest, by: .run)
        }
    }

    /// It prints more than a pipe holds, and reads nothing.
    @Test func aProgramThatTalksTooMuchEnds() async throws {
        let path = try script("head -c 1000000 /dev/zero; exit 0")
        try await sending { $0.run = path }.send(digest, by: .run)
    }

    @Test func aProgramThatDoesNotEndIsEndedWithWhatItStarted() async throws {
        let path = try script("sleep 1000 & echo $! > '\(home.path)/pid'; sleep 1000")
        let run = try ProgramRun(.init(path, [], environment: ["PATH": "/usr/bin:/bin"]))
        let result = try await Lane("test").run { () throws(HostError) in
            try run.finish(input: Data(), until: Deadline(seconds: 1))
        }
        #expect(result == nil)
        let text = try String(contentsOfFile: home.path("pid"), encoding: .utf8)
        let pid = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        // Gone, or waiting to be reaped by whoever inherits it.
        let state = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? "x Z"
        #expect(state.contains(" Z"), "\(state)")
    }

    @Test func whatIsPostedIsSigned() async throws {
        try home.write("key of the hook\n", to: "credentials/hook", mode: 0o600)
        let server = try RawServer([
            .readUntil("\"text\""), .send("HTTP/1.1 204 No Content\r\n\r\n"),
        ])
        let sending = sending {
            $0.post = .init(.url(server.url + "in"), secret: "hook", allowPrivate: true)
        }
        let body = try sending.text.json(digest)
        let whole = try RawServer([
            .readBody(body.count), .send("HTTP/1.1 204 No Content\r\n\r\n"),
        ])
        server.stop()
        let other = self.sending {
            $0.post = .init(.url(whole.url + "in"), secret: "hook", allowPrivate: true)
        }
        try await other.send(digest, by: .post)
        let request = try #require(whole.requests.first)
        let parts = request.components(separatedBy: "\r\n\r\n")
        #expect(parts[0].hasPrefix("POST /in HTTP/1.1\r\n"))
        #expect(parts[0].contains("Content-Type: application/json"))
        #expect(parts[1] == String(decoding: body, as: UTF8.self))
        try home.write(parts[1], to: "body")
        let said = try Tool.run(
            "openssl", ["dgst", "-sha256", "-hmac", "key of the hook", home.path("body")],
            package: "openssl")
        let code = try #require(said.split(separator: " ").last)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(parts[0].contains("X-Sluice-Signature: sha256=\(code)"))
        whole.stop()
    }

    @Test(arguments: [
        (
            "HTTP/1.1 302 Found\r\nLocation: http://example.com/\r\nContent-Length: 0\r\n\r\n",
            "redirect"
        ),
        ("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "answers 500"),
    ])
    func whatTheAddressAnswersIsTold(_ answer: String, _ words: String) async throws {
        let body = try sending { _ in }.text.json(digest)
        let server = try RawServer([.readBody(body.count), .send(answer)])
        let sending = sending {
            $0.post = .init(.url(server.url + "T0/secret"), allowPrivate: true)
        }
        let error = await #expect(throws: Untold.self) {
            try await sending.send(digest, by: .post)
        }
        #expect(error?.why.contains(words) == true)
        #expect(error?.why.contains("secret") == false)
        server.stop()
    }

    @Test func aPrivateAddressIsRefusedUnlessItIsMeant() async throws {
        try home.write("https://127.0.0.1:1/T0/secret", to: "credentials/hook", mode: 0o600)
        let error = await #expect(throws: Untold.self) {
            try await sending { $0.post = .init(.credential("hook")) }.send(digest, by: .post)
        }
        #expect(error?.why.contains("private") == true, "\(error?.why ?? "")")
        #expect(error?.why.contains("secret") == false)
    }

    @Test func mailHasAHeadAndABody() async throws {
        let path = try script("cat > '\(home.path("mail"))'; test \"$1 $2\" = '-t -i'")
        try await sending {
            $0.mail = ["ops@example.com", "root"]
            $0.sendmail = path
        }.send(digest, by: .mail)
        let mail = try String(contentsOfFile: home.path("mail"), encoding: .utf8)
        let parts = mail.components(separatedBy: "\n\n")
        #expect(parts[0].contains("To: ops@example.com, root\n"))
        #expect(parts[0].contains("Subject: sluice on shop1: 1 wants a person, 1 is over\n"))
        #expect(mail.contains("at Müller's"))
    }

    @Test func aDigestFitsIntoAnEnvironment() throws {
        let since = Date()
        let items = (0..<500).map { number in
            AlarmDigest.Item(
                StatusAnswer.Cause(
                    .profile, .red, on: "c\(number)", String(repeating: "ü\"", count: 9000)),
                since: since)
        }
        let digest = AlarmDigest(at: since, begun: items, ended: [], lasting: items)
        let json = try AlarmText(host: "h", zone: .gmt).json(digest)
        #expect(json.count < 128 << 10, "\(json.count)")
        #expect(digest.more == 2 * 500 - 2 * AlarmDigest.most)
    }
}
