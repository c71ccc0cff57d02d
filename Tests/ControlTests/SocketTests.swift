import Control
import Foundation
import Model
import Testing

@Suite struct SocketTests {
    @Test func everyQuestionIsAnswered() async throws {
        try await Running.with { running in
            let client = running.client
            let status = try client.decode(
                StatusAnswer.self, try await client.get("/v1/status"))
            #expect(status.channels.first?.deliveries == ["live": 24, "camelCase": 1])
            #expect(status.startedAt == FakeOperations.moment)

            let why = try client.decode(
                WhyAnswer.self,
                try await client.get("/v1/why", query: [("sku", "A 1/&ü+"), ("channel", nil)]))
            #expect(why.sku == "A 1/&ü+")

            let live = try client.decode(
                LiveAnswer.self, try await client.get("/v1/live/" + Client.escape("A/1 %2F..ü")))
            #expect(live.sku == "A/1 %2F..ü")
        }
    }

    @Test func theListNamesEveryEndpoint() async throws {
        try await Running.with { running in
            let text = String(decoding: try await running.client.get("/v1"), as: UTF8.self)
            for name in [
                "status", "why", "live", "events", "reload", "withdraw", "retry", "hold", "resume",
                "release",
            ] {
                #expect(text.contains("/v1/\(name)"))
            }
        }
    }

    @Test func answersAreSnakeCaseWithISOTimes() async throws {
        try await Running.with { running in
            let text = String(decoding: try await running.client.get("/v1/status"), as: UTF8.self)
            #expect(text.contains(#""started_at":"2025-11-24T16:00:00Z""#))
            #expect(text.contains(#""last_success":"#))
            // Keys of a dictionary are names, not ours to change.
            #expect(text.contains(#""camelCase":1"#))
        }
    }

    @Test func everyOrderReachesTheEngineWithItsGiver() async throws {
        try await Running.with { running in
            let client = running.client
            _ = try await client.post("/v1/reload", ReloadOrder())
            let done = try client.decode(
                DoneAnswer.self,
                try await client.post(
                    "/v1/withdraw",
                    WithdrawOrder(
                        sku: "A1", view: "detail", number: 2, channel: "amazon",
                        because: "licence ended")))
            _ = try await client.post("/v1/retry", RetryOrder(channel: "amazon", cause: "login"))
            _ = try await client.post("/v1/hold", HoldOrder(channel: "amazon", because: "sale"))
            _ = try await client.post("/v1/resume", ChannelOrder(channel: "amazon"))

            #expect(done.count == 2)
            let name = Accounts.name(ofUser: getuid())
            #expect(
                running.operations.told == [
                    "reload by \(name)",
                    "withdraw A1 detail 2 amazon because licence ended by \(name)",
                    "retry amazon login by \(name)", "hold amazon sale by \(name)",
                    "resume amazon by \(name)",
                ])
        }
    }

    @Test func refusalsSayWhatToDo() async throws {
        try await Running.with { running in
            let client = running.client
            await expect(404, "there is no channel 'amazn'", next: "did you mean 'amazon'?") {
                () async throws(Client.Failure) in
                try await client.get("/v1/why", query: [("sku", "A1"), ("channel", "amazn")])
            }
            await expect(409, "nothing is held on 'amazon'", next: nil) {
                () async throws(Client.Failure) in
                try await client.post("/v1/release", ChannelOrder(channel: "amazon"))
            }
            await expect(404, "no endpoint 'GET /v1/statsu'", next: "GET /v1 lists them") {
                () async throws(Client.Failure) in try await client.get("/v1/statsu")
            }
            await expect(400, "'sku' is missing", next: "/v1/why?sku=SKU") {
                () async throws(Client.Failure) in try await client.get("/v1/why")
            }
            await expect(400, "a withdrawal needs a reason", next: "say it in 'because'") {
                () async throws(Client.Failure) in
                try await client.post("/v1/withdraw", WithdrawOrder(sku: "A1", because: " "))
            }
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
        _ ask: () async throws(Client.Failure) -> Data,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        do {
            _ = try await ask()
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
