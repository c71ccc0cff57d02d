import Control
import Testing
import Wire

@Suite struct HandlersTests {
    @Test func whatIsForgottenIsNamed() {
        var handlers = Handlers { OperationError(500, "\($0)") }
        handlers.on(Operations.live) { LiveAnswer(sku: $0.sku, entries: []) }
        handlers.on(Operations.live) { LiveAnswer(sku: $0.sku, entries: []) }
        #expect(handlers.mistakes.contains("nobody answers 'GET /v1/why'"))
        #expect(handlers.mistakes.last == "'GET /v1/live/:sku' is answered twice")
        #expect(!handlers.mistakes.contains { $0.contains("nobody answers 'GET /v1/live") })
        #expect(FakeOperations().handlers.mistakes == [])
    }
}
