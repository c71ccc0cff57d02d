import Foundation
import Model
import Testing

@testable import Wire

/// The table of operations against the types it names.
@Suite struct OperationsTests {
    @Test func everyPathIsThereOnce() {
        let names = Operations.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count > 15)
        for endpoint in Operations.all {
            #expect(endpoint.path.hasPrefix("/v1"))
            #expect(
                (endpoint.method == .post) == (endpoint.access == .operators), "\(endpoint.name)")
            let segments = endpoint.path.split(separator: "/").filter { $0.hasPrefix(":") }
            for segment in segments {
                let argument = endpoint.arguments.first { ":" + $0.name == segment }
                #expect(argument?.required == true, "\(endpoint.name)")
            }
        }
    }

    /// Every argument that is declared is a key of the type, and the other way round; those that are
    /// required are, and no others.
    @Test func whatIsDeclaredIsWhatTheTypeHas() throws {
        try hold(Operations.api)
        try hold(Operations.status)
        try hold(Operations.why)
        try hold(Operations.live)
        try hold(Operations.list)
        try hold(Operations.receipt)
        try hold(Operations.upcoming)
        try hold(Operations.withdrawn)
        try hold(Operations.quarantine)
        try hold(EventsQuestion.self)
        try hold(Operations.reload)
        try hold(Operations.withdraw)
        try hold(Operations.reinstate)
        try hold(Operations.bump)
        try hold(Operations.retry)
        try hold(Operations.hold)
        try hold(Operations.resume)
        try hold(Operations.release)
        try hold(Operations.dismiss)
        try hold(Operations.forget)
        try hold(Operations.handed)
        try hold(Operations.feedEditions)
        try hold(Operations.feedDiff)
        try hold(Operations.feedRewind)
        try hold(Operations.done)
        try hold(Operations.attest)
    }

    private func hold<Asked, Answer>(_ operation: Operations.Entry<Asked, Answer>) throws {
        try hold(Asked.self)
    }

    private func hold<Asked: Arguments>(_ type: Asked.Type) throws {
        let all = Dictionary(Asked.declared.map { ($0.name, $0.sample) }) { first, _ in first }
        let asked = try SocketFormat.decode(Asked.self, from: try SocketFormat.encode(all))
        let keys = Mirror(reflecting: asked).children.compactMap(\.label)
        #expect(keys == Asked.declared.map(\.name), "\(type)")
        let encoded = try JSONDecoder().decode(
            [String: ParameterValue].self, from: try SocketFormat.encode(asked))
        #expect(encoded == all, "\(type)")
        for argument in Asked.declared {
            var rest = all
            rest[argument.name] = nil
            let body = try SocketFormat.encode(rest)
            let isMissed = (try? SocketFormat.decode(Asked.self, from: body)) == nil
            #expect(isMissed == argument.required, "\(type): \(argument.name)")
        }
    }

    /// What the client writes the server reads.
    @Test func aQuestionComesThroughAsItWasAsked() throws {
        let question = ListQuestion(
            .notAskedFor, channel: "shop & co", sku: "A/1 ü%", after: #"["x","1"]"#, limit: 7)
        let (address, body) = try Operations.list.endpoint.write(question)
        #expect(body == nil)
        let parts = try #require(URLComponents(string: "http://x" + address))
        #expect(parts.path == "/v1/list/not-asked-for")
        var texts = ["kind": "not-asked-for"]
        for item in parts.queryItems ?? [] { texts[item.name] = item.value }
        let read = try Operations.list.endpoint.read(ListQuestion.self, from: .address(texts))
        #expect(read == question)
    }

    @Test func anOrderComesThroughAsItWasGiven() throws {
        let order = WithdrawOrder(sku: "A1", view: "front", number: 2, because: "x")
        let (address, body) = try Operations.withdraw.endpoint.write(order)
        #expect(address == "/v1/withdraw")
        let data = try #require(body)
        let read = try Operations.withdraw.endpoint.read(WithdrawOrder.self, from: .body(data))
        #expect(read == order)
        #expect(
            try Operations.reload.endpoint.read(NoArguments.self, from: .body(Data())) == .init())
    }

    @Test(arguments: [
        (#"{"sku": "A1", "veiw": "front", "because": "x"}"#, "unknown key 'veiw'"),
        (#"{"because": "x"}"#, "'sku' is missing"),
        (#"{"sku": 1, "because": "x"}"#, "'sku' is of another type"),
        (#"{"sku": "A1", "number": 2, "because": "x"}"#, "a number or variant without a view"),
        ("[]", "the body is not a JSON object"),
    ])
    func aWrongOrderIsRefused(_ body: String, _ why: String) {
        do throws(OperationError) {
            _ = try Operations.withdraw.endpoint.read(
                WithdrawOrder.self, from: .body(Data(body.utf8)))
            Issue.record("it was taken")
        } catch {
            #expect(error.status == 400 && error.message == why)
        }
    }

    @Test func aLineTriesTheOperation() {
        #expect(
            Operations.why.endpoint.curl(socket: "/run/s.sock")
                == "curl --unix-socket /run/s.sock 'http://localhost/v1/why?sku=SKU'")
        #expect(
            Operations.live.endpoint.curl(socket: "/run/s.sock")
                == "curl --unix-socket /run/s.sock 'http://localhost/v1/live/SKU'")
        #expect(
            Operations.hold.endpoint.curl(socket: "/run/s.sock")
                == #"curl --unix-socket /run/s.sock -d '{"channel":"CHANNEL"}' "#
                + "'http://localhost/v1/hold'")
    }
}
