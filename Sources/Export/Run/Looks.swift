import Synchronization

/// Numbers the looks a part takes, so that who asks can wait for one that began after the question.
final class Looks: Sendable {
    private let state = Mutex((begun: 0, ended: 0))

    /// - Returns: its number, from 1.
    func begin() -> Int {
        state.withLock { state in
            state.begun += 1
            return state.begun
        }
    }

    func end(_ number: Int) { state.withLock { $0.ended = max($0.ended, number) } }

    /// The first that begins from now on.
    var next: Int { state.withLock { $0.begun + 1 } }

    /// The last that began before all that have not ended.
    var ended: Int { state.withLock(\.ended) }
}

/// "Is all done that lies there now?": what must have been looked at before the answer is yes.
struct Question: Sendable, Hashable {
    /// A question to a daemon that is gone is a new one.
    var daemon: Int
    var intake: Int
    var products: Int

    init(daemon: Int, intake: Int, products: Int) {
        (self.daemon, self.intake, self.products) = (daemon, intake, products)
    }

    /// As it was answered: `4711.12.3`.
    init?(_ text: String) {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 3, let daemon = numbers[0], let intake = numbers[1],
            let products = numbers[2]
        else { return nil }
        self.init(daemon: daemon, intake: intake, products: products)
    }

    var text: String { "\(daemon).\(intake).\(products)" }
}

extension Daemon {
    /// What `text` asked before; a new question, for which everything is looked at, when it is none
    /// of ours.
    func question(_ text: String) -> Question {
        if let known = Question(text), known.daemon == Self.pid { return known }
        let question = Question(
            daemon: Self.pid, intake: spool.looks.next, products: products?.looks.next ?? 0)
        signals.intake.wake()
        products?.hurry()
        return question
    }

    func hasLooked(since question: Question) -> Bool {
        spool.looks.ended >= question.intake
            && products.map { $0.looks.ended >= question.products } ?? true
    }
}
