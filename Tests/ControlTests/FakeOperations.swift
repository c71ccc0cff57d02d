import Control
import Foundation
import Model
import Synchronization
import Wire

/// An engine that answers from a script and remembers what it was told.
final class FakeOperations: Sendable {
    private let notes = Mutex<[String]>([])
    private let watchers = Mutex<[AsyncStream<Event>.Continuation]>([])
    let arrivals: AsyncStream<Int64?>
    private let arrived: AsyncStream<Int64?>.Continuation

    init() { (arrivals, arrived) = AsyncStream.makeStream() }

    /// The next reload finds a profile gone.
    let vanished = Mutex(false)

    static let moment = Date(timeIntervalSince1970: 1_764_000_000)

    private let verdicts = Mutex<[(verdict: Verdict, idle: Bool)]>([])

    /// What the next answers say, one after the other; the last stays.
    func say(_ next: [(verdict: Verdict, idle: Bool)]) { verdicts.withLock { $0 = next } }

    private let looks = Mutex<[String?]>([])
    var asked: [String?] { looks.withLock(\.self) }

    var handlers: Handlers {
        var handlers = Handlers { OperationError(500, "\($0)") }
        handlers.on(Operations.status) { self.status(look: $0.look) }
        handlers.on(Operations.why) { try self.why(sku: $0.sku, channel: $0.channel) }
        handlers.on(Operations.live) { self.live(sku: $0.sku) }
        handlers.on(Operations.list) { self.list($0) }
        handlers.on(Operations.receipt) { self.receipts($0) }
        handlers.on(Operations.upcoming) { self.upcoming(until: $0.until) }
        handlers.on(Operations.withdrawn) { _ in self.withdrawn() }
        handlers.on(Operations.quarantine) { _ in self.quarantined() }
        handlers.on(Operations.handed) { HandedAnswer(channel: $0.channel, manifests: []) }
        handlers.on(Operations.feedEditions) {
            FeedEditionsAnswer(channel: $0.channel, editions: [])
        }
        handlers.on(Operations.feedDiff) { question in
            throw OperationError.conflict("'\(question.channel)' has no feed")
        }
        handlers.on(Operations.ready) { _ in
            ReadyAnswer(orphans: 0, nowhere: 0, channels: [])
        }
        handlers.on(Operations.events) { self.events(after: $0.after) }
        addOrders(to: &handlers)
        return handlers
    }

    private func addOrders(to handlers: inout Handlers) {
        handlers.on(Operations.reload) { _, by in self.reload(by: by) }
        handlers.on(Operations.withdraw) { self.withdraw($0, by: $1) }
        handlers.on(Operations.reinstate) { self.reinstate($0, by: $1) }
        handlers.on(Operations.bump) { self.bump($0, by: $1) }
        handlers.on(Operations.retry) {
            self.retry(channel: $0.channel ?? "", cause: $0.cause, by: $1)
        }
        handlers.on(Operations.hold) { self.hold($0, by: $1) }
        handlers.on(Operations.resume) { self.resume(channel: $0.channel, by: $1) }
        handlers.on(Operations.release) { order, _ in
            throw OperationError.conflict("nothing is held on '\(order.channel)'")
        }
        handlers.on(Operations.feedRewind) { order, _ in
            throw OperationError.notFound("no edition \(order.edition) is kept")
        }
        handlers.on(Operations.done) { order, by in
            DoneAnswer(done: "'\(order.channel)', said by \(by)", count: 1)
        }
        handlers.on(Operations.attest) { order, by in
            DoneAnswer(done: "'\(order.channel)', said by \(by)", count: 1)
        }
        handlers.on(Operations.dismiss) { self.dismiss($0, by: $1) }
        handlers.on(Operations.forget) {
            self.forget(channel: $0.channel, leave: $0.leave ?? false, by: $1)
        }
    }

    func status(look: String?) -> StatusAnswer {
        var answer = Samples.status
        looks.withLock { $0.append(look) }
        answer.look = look.map { $0 == "new" ? "1.2.3" : $0 }
        verdicts.withLock { verdicts in
            guard let first = verdicts.first else { return }
            (answer.verdict, answer.idle) = first
            if verdicts.count > 1 { verdicts.removeFirst() }
        }
        return answer
    }

    func why(sku: String, channel: String?) throws -> WhyAnswer {
        if channel == "amazn" {
            throw OperationError.notFound(
                "there is no channel 'amazn'", next: "did you mean 'amazon'?")
        }
        let entry = WhyAnswer.Entry(
            asset: "\(sku) front", channel: "amazon", slot: nil, name: nil, state: .refused,
            gates: [Gate(.rights, "the licence has ended", turn: "studio")], next: nil)
        return WhyAnswer(
            sku: sku, known: sku != "UNKNOWN", nearest: [],
            entries: sku == "REFUSED" ? [entry] : [], quarantined: [])
    }

    func live(sku: String) -> LiveAnswer {
        LiveAnswer(
            sku: sku, known: sku != "UNKNOWN", nearest: sku == "UNKNOWN" ? "A1" : nil, entries: [])
    }

    /// Three entries, a page of two and one of one.
    func list(_ question: ListQuestion) -> ListAnswer {
        note(
            "list \(question.kind.rawValue) \(question.channel ?? "-") "
                + "\(question.gate?.rawValue ?? "-") \(question.sku ?? "-") "
                + "\(question.after ?? "-")")
        let numbers = question.after == nil ? [1, 2] : [3]
        return ListAnswer(
            entries: numbers.map { number in
                var entry = ListAnswer.Entry(state: .gate(.compliance))
                entry.asset = "A\(number) front"
                entry.channel = "amazon"
                entry.because = "it is too small"
                return entry
            }, after: question.after == nil ? "2 & more" : nil)
    }

    func receipts(_ asked: ReceiptQuestion) -> ReceiptAnswer {
        let said =
            asked.sku.map { "\($0) on \(asked.channel ?? "all")" } ?? asked.name.map {
                "named \($0)"
            }
            ?? asked.hash.map { "hash \($0.short)" }
        return ReceiptAnswer(entries: [], nearest: said)
    }

    func upcoming(until: Horizon) -> UpcomingAnswer {
        UpcomingAnswer(until: until.date(in: .gmt), zone: .gmt)
    }

    func withdrawn() -> WithdrawnAnswer {
        WithdrawnAnswer(
            entries: [
                WithdrawnAnswer.Entry(
                    asset: "A1 front", at: Self.moment, because: "wrong colour",
                    undo: "sluice reinstate 'A1' --view front --number 1 --because REASON")
            ])
    }

    func quarantined() -> QuarantineAnswer {
        QuarantineAnswer(
            files: [
                QuarantinedFile(
                    path: "a.jpg", reason: "is empty", next: "copy it again", since: Self.moment)
            ], dismissed: 2)
    }

    func dismiss(_ what: DismissOrder, by: String) -> DoneAnswer {
        note("dismiss \(what.paths?.joined(separator: ",") ?? "all") by \(by)")
        return DoneAnswer(done: "dismissed", count: what.paths?.count ?? 9)
    }

    func events(after: Int64?) -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream<Event>.makeStream()
        watchers.withLock { $0.append(continuation) }
        arrived.yield(after)
        return stream
    }

    /// When nobody reads the events any more.
    func onEnd(_ body: @escaping @Sendable () -> Void) {
        for watcher in watchers.withLock({ $0 }) { watcher.onTermination = { _ in body() } }
    }

    func send(_ event: Event) {
        for watcher in watchers.withLock({ $0 }) { watcher.yield(event) }
    }

    static func event(_ id: Int64, text: String = "1,024 bytes") -> Event {
        Event(
            id: id, at: moment, kind: "confirmed", channel: "amazon", subject: "A1 front",
            text: text)
    }

    func reload(by: String) -> ReloadAnswer {
        note("reload by \(by)")
        return ReloadAnswer(
            channels: ["amazon": "unchanged"], problems: [],
            waiting: vanished.withLock { $0 ? ["amazon"] : [] })
    }

    func withdraw(_ what: WithdrawOrder, by: String) -> DoneAnswer {
        note(
            "withdraw \(what.sku) \(what.view ?? "-") \(what.number ?? 0) "
                + "\(what.channel ?? "-") because \(what.because) by \(by)")
        return DoneAnswer(done: "withdrawn", count: 2)
    }

    func retry(channel: String, cause: String?, by: String) -> DoneAnswer {
        note("retry \(channel) \(cause ?? "-") by \(by)")
        return DoneAnswer(done: "will be tried again", count: 3)
    }

    func reinstate(_ what: WithdrawOrder, by: String) -> DoneAnswer {
        note("reinstate \(what.sku) \(what.view ?? "-") because \(what.because) by \(by)")
        return DoneAnswer(done: "reinstated", count: 2)
    }

    func bump(_ what: BumpOrder, by: String) -> DoneAnswer {
        note("bump \(what.sku) \(what.view ?? "-") \(what.channel ?? "-") by \(by)")
        return DoneAnswer(done: "first", count: 2)
    }

    func hold(_ what: HoldOrder, by: String) -> DoneAnswer {
        let everything = what.everything == true ? "everything on " : ""
        note("hold \(everything)\(what.channel) \(what.because ?? "-") by \(by)")
        return DoneAnswer(done: "held", count: 1)
    }

    func resume(channel: String, by: String) -> DoneAnswer {
        note("resume \(channel) by \(by)")
        return DoneAnswer(done: "goes on", count: 1)
    }

    func forget(channel: String, leave: Bool, by: String) -> DoneAnswer {
        note("forget \(channel)\(leave ? " and leave" : "") by \(by)")
        return DoneAnswer(done: "forgotten", count: 1)
    }

    var told: [String] { notes.withLock { $0 } }

    private func note(_ text: String) { notes.withLock { $0.append(text) } }
}

enum Samples {
    static let status = StatusAnswer(
        verdict: .ok, version: "1.0", pid: 42, startedAt: FakeOperations.moment,
        now: FakeOperations.moment, idle: true,
        spool: .init(
            lastScan: FakeOperations.moment, sources: 12, quarantined: 0, settling: 0),
        render: .init(workers: 2, waiting: 0, paused: nil, sandbox: [], versions: [:]),
        channels: [
            .init(
                name: "amazon", state: .live, light: .green, reasons: [],
                deliveries: [.live: 24, .other("camelCase"): 1], gates: [:],
                lastSuccess: FakeOperations.moment)
        ],
        problems: [])
}
