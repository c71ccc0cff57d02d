package import Curl
package import Foundation
package import Model
import Synchronization
package import Transports

/// The other side of a fake transport: files in memory, what was asked of it, and what it does with the
/// next questions. Without a script it behaves as everybody hopes.
///
///     remote.next(.put, .loseAnswer, .fail(.fixChannel))
///     remote.next(.look, .process(), .process())
package final class FakeRemote: Sendable {
    package enum Verb: String, Sendable, CaseIterable {
        case put, look, remove, isAbsent, sweep, mark, unmark, lookForMark, list
    }

    /// What it does when it is asked. What does not fit the question is as if nothing was said.
    package enum Act: Sendable {
        /// As it should.
        case obey
        /// Nothing is done, and this is said.
        case fail(Remedy, String = "it was told to fail")
        /// It is done, and the answer does not arrive.
        case loseAnswer
        /// It is done under a name that only the lost answer says.
        case loseName
        /// It says that it is done, and nothing is.
        case lie
        /// Other bytes are kept than were sent.
        case garble
        /// It answers when `release` is called, or not at all: then the next act of the script counts.
        case hang
        /// To a look: it has it and is not done with it.
        /// - Parameter after: seconds, when to ask again.
        case process(after: Double? = nil)
        /// To a put: the next so many looks at this name find it being processed.
        case processFor(looks: Int)
    }

    package struct Call: Sendable, Hashable, CustomStringConvertible {
        package var verb: Verb
        package var name: RemoteName?
        /// What it was told the thing is called.
        package var object: RemoteObject?

        package var description: String {
            [verb.rawValue, name?.rawValue].compactMap(\.self).joined(separator: " ")
        }
    }

    struct File {
        var data: Data
        var object: RemoteObject
        var looks = 0
    }

    fileprivate struct State {
        var files: [String: File] = [:]
        var orphans: [RemoteObject] = []
        var isMarked = false
        var calls: [Call] = []
        var script: [Verb: [Act]] = [:]
        var hanging: [Int: CheckedContinuation<Bool, Never>] = [:]
        var waiting: [(count: Int, resume: CheckedContinuation<Void, Never>)] = []
        var numbers = 0
        var bandwidths: [Bandwidth?] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// What each transport was made with, in order.
    package var bandwidths: [Bandwidth?] { state.withLock(\.bandwidths) }

    func used(_ bandwidth: Bandwidth?) { state.withLock { $0.bandwidths.append(bandwidth) } }

    // MARK: For the test

    /// Adds to what it does with the next questions of a kind; afterwards it obeys again.
    package func next(_ verb: Verb, _ acts: Act...) {
        state.withLock { $0.script[verb, default: []] += acts }
    }

    /// All that was asked, in its order.
    package var calls: [Call] { state.withLock(\.calls) }

    package func forgetCalls() { state.withLock { $0.calls = [] } }

    /// Path → bytes.
    package var files: [String: Data] { state.withLock { $0.files.mapValues(\.data) } }

    /// What was put in a name's place by somebody who did not say what it was called: it is there for ever.
    package var orphans: [RemoteObject] { state.withLock(\.orphans) }

    package func object(_ path: String) -> RemoteObject? {
        state.withLock { $0.files[path]?.object }
    }

    /// The marker for all that was sent is there.
    package var isMarked: Bool {
        get { state.withLock(\.isMarked) }
        set { state.withLock { $0.isMarked = newValue } }
    }

    /// Somebody else writes there, or takes away.
    package func set(_ path: String, _ data: Data?) {
        state.withLock { state in
            state.files[path] = data.map { File(data: $0, object: state.newObject(for: $0)) }
        }
    }

    /// Somebody else changes what is there, which keeps its number.
    package func edit(_ path: String, _ data: Data) {
        state.withLock { $0.files[path]?.data = data }
    }

    /// How many questions hang.
    package var hanging: Int { state.withLock(\.hanging.count) }

    /// Comes back when so many questions hang.
    package func waitUntilHanging(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.hanging.count >= count { return true }
                state.waiting.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// All that hangs goes on.
    package func release() { end(goesOn: true) }

    // MARK: For the transport

    func note(_ call: Call) { state.withLock { $0.calls.append(call) } }

    /// What to do with a question; waits where it shall hang.
    func act(_ verb: Verb, on what: String) async throws(DeliveryError) -> Act {
        while true {
            let act = state.withLock { state in
                guard state.script[verb]?.isEmpty == false else { return Act.obey }
                return state.script[verb]!.removeFirst()
            }
            guard case .hang = act else { return act }
            guard await hang() else {
                var cut = DeliveryError(
                    "cannot \(what): it was cut off", remedy: .retry(after: nil))
                cut.mayLie = verb == .put
                throw cut
            }
        }
    }

    func read<Value: Sendable>(_ path: String, _ body: (inout File?) -> Value) -> Value {
        state.withLock { body(&$0.files[path]) }
    }

    /// - Returns: what it is called from now on: another number where it was not told the old one.
    func store(_ data: Data, at path: String, replacing object: RemoteObject?, looks: Int)
        -> RemoteObject
    {
        state.withLock { state in
            var made = state.newObject(for: data)
            if let old = state.files[path]?.object {
                if old.id == object?.id { made.id = old.id } else { state.orphans.append(old) }
            }
            state.files[path] = File(data: data, object: made, looks: looks)
            return made
        }
    }

    func strand(_ data: Data) {
        state.withLock { state in state.orphans.append(state.newObject(for: data)) }
    }

    func remove(_ paths: (String) -> Bool) {
        state.withLock { state in state.files = state.files.filter { !paths($0.key) } }
    }

    /// What hangs is cut off.
    func cut() { end(goesOn: false) }

    // MARK: Hanging

    private func end(goesOn: Bool) {
        let all = state.withLock { state in
            defer { state.hanging = [:] }
            return Array(state.hanging.values)
        }
        for continuation in all { continuation.resume(returning: goesOn) }
    }

    /// - Returns: false where it was cut off.
    private func hang() async -> Bool {
        let number = state.withLock { state in
            state.numbers += 1
            return state.numbers
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { return continuation.resume(returning: false) }
                let ready = state.withLock { state in
                    state.hanging[number] = continuation
                    let count = state.hanging.count
                    defer { state.waiting.removeAll { $0.count <= count } }
                    return state.waiting.filter { $0.count <= count }.map(\.resume)
                }
                for waiting in ready { waiting.resume() }
                // It may have been cancelled between the two.
                if Task.isCancelled { drop(number) }
            }
        } onCancel: {
            drop(number)
        }
    }

    private func drop(_ number: Int) {
        state.withLock { $0.hanging.removeValue(forKey: number) }?.resume(returning: false)
    }
}

extension FakeRemote.State {
    fileprivate mutating func newObject(for data: Data) -> RemoteObject {
        numbers += 1
        return RemoteObject(
            id: "object-\(numbers)", url: "https://fake.example.com/\(numbers)",
            entityTag: "\"\(ContentHash.of(data).short)\"")
    }
}
