import Bookkeeping
import Foundation
import Model
import Profiles
import Transports
package import Wire

// What status says of that which stands still, whether the ledger answers or not.
extension Daemon {
    static var pid: Int { Int(ProcessInfo.processInfo.processIdentifier) }
    /// Seconds a write may wait: many are behind one another only where the disk is slow.
    private static let writing = Duration.seconds(30)

    /// - Parameter question: as `StatusAnswer.look`; anything else asks anew.
    package func status(look: String?) async throws -> StatusAnswer {
        let question = look.map(self.question)
        // Before the ledger is asked: what a look brings is written down before it ends.
        let hasLooked = question.map { self.hasLooked(since: $0) } ?? true
        await lookout.lookAtTheState()
        var answer: StatusAnswer
        do throws(LedgerError) {
            answer = try await status()
        } catch {
            answer = unreadable(error)
        }
        answer.look = question?.text
        answer.idle = answer.idle && hasLooked
        return answer
    }

    /// The whole daemon's, then by channel.
    var standing: [StatusAnswer.Standing] {
        var all = standstills.all
        if let trouble = ledger.trouble, !all.contains(where: { $0.key.part == .ledger }) {
            let key = Standstills.Key(part: .ledger)
            all.insert(
                .init(
                    key: key, reason: trouble.message, remedy: trouble.advice, since: ledger.now()),
                at: 0)
        }
        let told = all.map { each in
            StatusAnswer.Standing(
                what: each.key.part.words, channel: each.key.channel, reason: each.reason,
                since: each.since, next: each.remedy)
        }
        return told + silent()
    }

    /// Parts that hang.
    func silent(at now: ContinuousClock.Instant = .now) -> [StatusAnswer.Standing] {
        var lasted = heartbeat.silent(at: now).map {
            ($0.key.part.words, $0.key.channel, $0.lasted)
        }
        let writer = ledger.silence
        if writer > Self.writing { lasted.append(("the ledger's writer", nil, writer)) }
        return lasted.map { words, channel, lasted in
            StatusAnswer.Standing(
                what: "\(words) hangs", channel: channel,
                reason: "it has not come to an end of what it does",
                since: ledger.now().addingTimeInterval(-Double(lasted.components.seconds)),
                next: "keep the log and report it, then 'systemctl restart sluice'; nothing is lost"
            )
        }
    }

    /// Nothing is known but what no ledger is needed for.
    private func unreadable(_ error: LedgerError) -> StatusAnswer {
        let reason = "not known: the ledger cannot be read"
        let channels = active.profiles.map { profile in
            StatusAnswer.Channel(
                name: profile.channel, state: ChannelState(rawValue: profile.state.rawValue),
                light: .red,
                reasons: [reason], deliveries: [:], gates: [:])
        }
        let condition = pool.condition
        var answer = StatusAnswer(
            verdict: .stuck, version: version, pid: Self.pid, startedAt: startedAt,
            now: ledger.now(), idle: false,
            spool: .init(
                lastScan: spool.condition.lastScan, sources: 0, quarantined: 0,
                settling: spool.condition.settling),
            render: .init(
                workers: condition.workers, waiting: 0, paused: condition.paused,
                sandbox: condition.greeting?.layers ?? [],
                versions: condition.greeting?.versions ?? [:]), channels: channels, problems: [])
        answer.standing =
            [
                StatusAnswer.Standing(
                    what: "the ledger cannot be read", channel: nil, reason: error.message,
                    since: ledger.now(), next: error.advice)
            ] + standing
        answer.causes = answer.standing.map(cause)
        return answer
    }

    private func isFull(_ bytes: Meter, _ bandwidth: Int64?) -> Bool {
        guard let bandwidth, let perMinute = bytes.perMinute(ledger.now()) else { return false }
        return perMinute / 60 > Courier.fullBandwidth * Double(bandwidth)
    }

    /// What keeps the work of a channel from going faster; nil where none waits.
    func limit(
        _ record: ChannelRecord, _ states: [String: Int], next: Date?, _ processing: Processing?
    ) -> String? {
        let (sends, renders) = (states["send", default: 0], states["render", default: 0])
        guard sends + renders + states["remove", default: 0] > 0 else { return nil }
        if record.held != nil { return "the channel is held" }
        if record.paused != nil { return "the channel is paused" }
        let guarded = active.guarded(record.name)
        if sends > guarded.sends, let destination = active.profile(record.name)?.destination {
            switch guarded.pace {
            case .failures:
                return "the channel, which fails file after file: one goes after each rest"
            case .rate: return "the channel's rate, \(destination.perMinute ?? 0) a minute"
            case .sessions where isFull(guarded.bytes, destination.bandwidth):
                return "the channel's bandwidth, \(destination.bandwidth ?? 0) bytes a second"
            case .hours: return "the channel's hours, \(destination.hours?.description ?? "")"
            case .sessions where destination.sessions == 1: return "the channel's one session"
            case .sessions(let now) where now < destination.sessions:
                return
                    "the channel, which has borne \(now) of its \(destination.sessions) sessions so far"
            case .sessions: return "the channel's \(destination.sessions) sessions"
            case nil where (processing?.count ?? 0) >= sends:
                return "the channel, which processes what it was sent"
            case nil where next.map { $0 > ledger.now() } ?? false:
                return "the time until the next try"
            case nil: break
            }
        }
        guard renders > 0 else { return nil }
        let (workers, paused) = (pool.condition.workers, pool.condition.paused)
        return paused == nil
            ? "rendering (\(workers) \(workers == 1 ? "worker" : "workers"))"
            : "rendering, which is paused"
    }
}
