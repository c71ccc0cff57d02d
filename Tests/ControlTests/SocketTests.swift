import Control
import Foundation
import Host
import Model
import SocketClient
import Testing
import Wire

@Suite struct SocketTests {
    @Test func everyQuestionIsAnswered() async throws {
        try await Running.with { running in
            let client = running.client
            let status = try await client.call(Operations.status, StatusQuestion())
            #expect(status.channels.first?.deliveries == [.live: 24, .other("camelCase"): 1])
            #expect(status.startedAt == FakeOperations.moment)

            for sku in ["A 1/&ü+", "100%", "%41", "a=b"] {
                let why = try await client.call(Operations.why, WhyQuestion(sku: sku))
                #expect(why.sku == sku)
            }
            for sku in ["A/1 %2F..ü", "..", "A%B"] {
                let live = try await client.call(Operations.live, LiveQuestion(sku: sku))
                #expect(live.sku == sku)
            }
            let hash = ContentHash.of(Data("a".utf8))
            for (question, said) in [
                (ReceiptQuestion(sku: "A1", channel: "amazon"), "A1 on amazon"),
                (ReceiptQuestion(name: "a/b.jpg"), "named a/b.jpg"),
                (ReceiptQuestion(hash: hash), "hash \(hash.short)"),
            ] {
                #expect(try await client.call(Operations.receipt, question).nearest == said)
            }
            let until = try #require(Horizon("2027-02-01"))
            let upcoming = try await client.call(
                Operations.upcoming, UpcomingQuestion(until: until))
            #expect(upcoming.until == until.date(in: .gmt))
            let withdrawn = try await client.call(
                Operations.withdrawn, WithdrawnQuestion(hash: hash))
            #expect(withdrawn.entries.map(\.asset) == ["A1 front"])
            #expect(try await client.call(Operations.quarantine).dismissed == 2)
        }
    }

    @Test func theListIsTheTable() async throws {
        try await Running.with { running in
            let answer = try await running.client.reply(to: Operations.api, NoArguments())
            #expect(answer.answer.endpoints == Operations.all)
            // As scripts know it.
            let text = String(decoding: answer.bytes, as: UTF8.self)
            #expect(text.contains(#""request":"GET /v1/why?sku=SKU&channel=CHANNEL""#))
        }
    }

    @Test func answersAreSnakeCaseWithISOTimes() async throws {
        try await Running.with { running in
            let reply = try await running.client.reply(to: Operations.status, StatusQuestion())
            let text = String(decoding: reply.bytes, as: UTF8.self)
            #expect(text.contains(#""started_at":"2025-11-24T16:00:00Z""#))
            #expect(text.contains(#""last_success":"#))
            // Keys of a dictionary are names, not ours to change.
            #expect(text.contains(#""camelCase":1"#))
        }
    }

    @Test func everyOrderReachesTheEngineWithItsGiver() async throws {
        try await Running.with { running in
            let client = running.client
            _ = try await client.call(Operations.reload)
            let done = try await client.call(
                Operations.withdraw,
                WithdrawOrder(
                    sku: "A1", view: "detail", number: 2, channel: "amazon",
                    because: "licence ended"))
            _ = try await client.call(
                Operations.retry, RetryOrder(channel: "amazon", cause: "login"))
            _ = try await client.call(
                Operations.hold, HoldOrder(channel: "amazon", because: "sale"))
            _ = try await client.call(Operations.resume, ChannelOrder(channel: "amazon"))
            _ = try await client.call(
                Operations.dismiss, DismissOrder(paths: ["a.jpg", "b/c.jpg"], all: nil))

            #expect(done.count == 2)
            let name = Accounts.name(ofUser: getuid())
            #expect(
                running.operations.told == [
                    "reload by \(name)",
                    "withdraw A1 detail 2 amazon because licence ended by \(name)",
                    "retry amazon login by \(name)", "hold amazon sale by \(name)",
                    "resume amazon by \(name)", "dismiss a.jpg,b/c.jpg by \(name)",
                ])
        }
    }

    @Test func refusalsSayWhatToDo() async throws {
        try await Running.with { running in
            let client = running.client
            await expect(404, "there is no channel 'amazn'", next: "did you mean 'amazon'?") {
                () async throws(Client.Failure) in
                _ = try await client.call(
                    Operations.why, WhyQuestion(sku: "A1", channel: "amazn"))
            }
            await expect(409, "nothing is held on 'amazon'", next: nil) {
                () async throws(Client.Failure) in
                _ = try await client.call(Operations.release, ChannelOrder(channel: "amazon"))
            }
            await expect(400, "a withdrawal needs a reason", next: "say it in 'because'") {
                () async throws(Client.Failure) in
                _ = try await client.call(
                    Operations.withdraw, WithdrawOrder(sku: "A1", because: " "))
            }
        }
    }

    /// What our own client cannot get wrong.
    @Test(
        arguments: [
            ("statsu", 404, "no endpoint 'GET /v1/statsu'", "GET /v1 lists them"),
            ("why", 400, "'sku' is missing", "/v1/why?sku=SKU"),
            ("why?sku=", 400, "'sku' is missing", "/v1/why?sku=SKU"),
            ("why?sku=%FF", 400, "'sku' is not percent-encoded UTF-8", nil),
            ("list/refusd", 404, "there is no kind 'refusd'", "did you mean 'refused'?"),
            (
                "list/refused?gate=rigths", 400, "there is no gate 'rigths'",
                "did you mean 'rights'?"
            ),
            ("list/refused?limit=0", 400, "'limit' is no number above 0", nil),
            ("withdrawn?hash=12", 400, "'hash' is no SHA-256 (64 hexadecimal digits)", nil),
            (
                "upcoming?until=2027-02-30", 400, "'until' is neither a day nor a time",
                "2027-02-01, or 2027-02-01T00:00:00Z"
            ),
            (
                "receipt?sku=", 400, "'sku', 'name' or 'hash' (64 hexadecimal digits) is missing",
                "/v1/receipt?sku=SKU"
            ),
        ] as [(String, Int, String, String?)])
    func aWrongQuestionIsToldWhatIsWrong(
        _ request: String, _ status: Int, _ error: String, _ next: String?
    ) async throws {
        try await Running.with { running in
            let socket = try RawSocket(running.path)
            await socket.send("GET /v1/\(request) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let answer = await socket.receive()
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
            let body = answer.components(separatedBy: "\r\n\r\n").last ?? ""
            let told = try SocketFormat.decode(ErrorAnswer.self, from: Data(body.utf8))
            #expect(told.error == error)
            if let next { #expect(told.next == next) }
        }
    }

    @Test func aMisspeltKeyDoesNotWidenAWithdrawal() async throws {
        try await Running.with { running in
            let socket = try RawSocket(running.path)
            let body = #"{"sku": "A1", "veiw": "front", "because": "x"}"#
            await socket.send(
                "POST /v1/withdraw HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            let answer = await socket.receive()
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
            #expect(answer.contains("unknown key 'veiw'"))
            #expect(running.operations.told.isEmpty)
        }
    }

    private func expect(
        _ status: Int, _ message: String, next: String?,
        _ ask: () async throws(Client.Failure) -> Void,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        do {
            try await ask()
            Issue.record("it was answered", sourceLocation: sourceLocation)
        } catch {
            guard case .refused(let got, let answer) = error else {
                Issue.record("\(error)", sourceLocation: sourceLocation)
                return
            }
            #expect(got == status, sourceLocation: sourceLocation)
            #expect(
                answer == ErrorAnswer(error: message, next: next), sourceLocation: sourceLocation)
        }
    }
}
