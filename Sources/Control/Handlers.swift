internal import Foundation
internal import ServiceLifecycle
package import Wire

/// What is done for each operation of the table. Types of arguments and answer are the declaration's
/// own, so that a handler which does not fit it does not compile; one that is missing ends the start.
package struct Handlers: Sendable {
    /// What somebody who gives an order is called here.
    package typealias Giver = String

    private(set) var all: [Handler] = []
    private let translate: @Sendable (any Error) -> OperationError

    /// - Parameter translate: the engine's errors, as the socket words them.
    package init(translate: @escaping @Sendable (any Error) -> OperationError) {
        self.translate = translate
        on(Operations.api) { _ in APIAnswer() }
    }

    /// Of an operation that anyone may ask for.
    package mutating func on<Asked, Answer>(
        _ operation: Operations.Entry<Asked, Answer>,
        answer: @escaping @Sendable (Asked) async throws -> Answer
    ) {
        precondition(operation.endpoint.access == .anyone, "an order has somebody who gives it")
        add(operation.endpoint) { asked, _ in try await answer(asked) }
    }

    /// Of one for operators: `by` is the account name of whoever gave it.
    package mutating func on<Asked, Answer>(
        _ operation: Operations.Entry<Asked, Answer>,
        carryOut: @escaping @Sendable (Asked, _ by: Giver) async throws -> Answer
    ) {
        precondition(operation.endpoint.access == .operators, "nobody is asked who they are")
        add(operation.endpoint) { asked, giver in try await carryOut(asked, giver ?? "") }
    }

    /// Of one that is answered line by line.
    package mutating func on<Asked, Line>(
        _ operation: Operations.Stream<Asked, Line>,
        lines: @escaping @Sendable (Asked) async -> AsyncStream<Line>
    ) {
        let endpoint = operation.endpoint
        all.append(
            Handler(endpoint: endpoint) { raw, _ in
                let asked = try endpoint.read(Asked.self, from: raw)
                return .lines { write in
                    for await line in await lines(asked).cancelOnGracefulShutdown() {
                        try await write(try SocketFormat.encode(line))
                    }
                }
            })
    }

    private mutating func add<Asked: Arguments, Answer: Encodable & Sendable>(
        _ endpoint: Endpoint,
        _ act: @escaping @Sendable (Asked, Giver?) async throws -> Answer
    ) {
        let translate = translate
        all.append(
            Handler(endpoint: endpoint) { raw, giver in
                let asked = try endpoint.read(Asked.self, from: raw)
                do {
                    return .whole(try SocketFormat.encode(try await act(asked, giver)))
                } catch let error as OperationError {
                    throw error
                } catch {
                    throw translate(error)
                }
            })
    }

    /// Operations of the table that nobody carries out, and handlers of none or of one that has
    /// another: empty unless somebody forgot something.
    package var mistakes: [String] {
        let (declared, handled) = (Operations.all.map(\.name), all.map(\.endpoint.name))
        let missing = declared.filter { !handled.contains($0) }.map { "nobody answers '\($0)'" }
        let odd = handled.filter { !declared.contains($0) }.map { "'\($0)' is not in the table" }
        let twice = Set(handled.filter { name in handled.count { $0 == name } > 1 })
        return missing + odd + twice.sorted().map { "'\($0)' is answered twice" }
    }
}

/// One operation's.
struct Handler: Sendable {
    enum Reply: Sendable {
        case whole(Data)
        case lines(@Sendable (_ write: (Data) async throws -> Void) async throws -> Void)
    }

    let endpoint: Endpoint
    let act: @Sendable (RawArguments, Handlers.Giver?) async throws -> Reply
}
