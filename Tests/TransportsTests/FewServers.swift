import Synchronization
import Testing

/// At most eight tests at once, of all suites that have this trait.
///
/// The library begins all of them together. A hundred servers that start on two cores are none that
/// answers in time, and what these tests say of time-outs would be about the machine.
struct FewServers: SuiteTrait, TestTrait, TestScoping {
    private struct Line {
        var free = 8
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private static let line = Mutex(Line())

    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        await Self.enter()
        defer { Self.leave() }
        try await function()
    }

    private static func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = line.withLock { line in
                guard line.free > 0 else {
                    line.waiting.append(continuation)
                    return false
                }
                line.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    private static func leave() {
        let next = line.withLock { line -> CheckedContinuation<Void, Never>? in
            if line.waiting.isEmpty {
                line.free += 1
                return nil
            }
            return line.waiting.removeFirst()
        }
        next?.resume()
    }
}

extension Trait where Self == FewServers {
    static var fewServers: Self { FewServers() }
}
