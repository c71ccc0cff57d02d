import Bookkeeping
import Foundation
import Host
import Logging
import Model
import Synchronization

/// What stands still at this moment, why and since when. A part reports a turn that failed and takes
/// it back with the first that goes well. Kept in memory alone: status tells it when the ledger
/// cannot. A reason is logged when it is new, never again and again.
final class Standstills: Sendable {
    enum Part: Sendable, CaseIterable {
        case ledger, disk, spool, reconciler, renders, rendering, products, intake, profiles
        case courier, folder, edition, publisher, housekeeping

        /// Begins a sentence that the reason ends.
        var words: String {
            switch self {
            case .ledger: "the ledger cannot be written"
            case .disk: "the disk is full"
            case .spool: "the spool is full"
            case .reconciler: "reconciling stands still"
            case .renders: "finding what to render stands still"
            case .rendering: "rendering stands still"
            case .products: "product tables are not taken"
            case .intake: "intake stands still"
            case .profiles: "profiles are not taken"
            case .courier, .folder: "sending stands still"
            case .edition: "making the feed stands still"
            case .publisher: "publishing the feed stands still"
            case .housekeeping: "housekeeping (snapshots, old files) stands still"
            }
        }
    }

    struct Key: Sendable, Hashable {
        var part: Part
        /// Of a courier and a publisher.
        var channel: String?
    }

    struct Standstill: Sendable, Hashable {
        var key: Key
        var reason: String
        /// What a person does about it.
        var remedy: String
        var since: Date
        /// Over by itself then, unless it is reported again.
        var until: Date?
    }

    private struct Said {
        var reason = ""
        var at = Date.distantPast
        var isOpen = false
    }

    /// Seconds between two lines in the log about one part: what fails and works by turns would
    /// write one with every turn.
    private static let quiet = 60.0

    /// Until a turn that failed is tried again.
    static let pause = 2.0

    private let state = Mutex((standing: [Key: Standstill](), said: [Key: Said]()))
    private let logger: Logger
    private let clock: WallClock

    init(logger: Logger, clock: WallClock = .system) {
        self.logger = logger
        self.clock = clock
    }

    /// - Parameter lasts: seconds after which it is over by itself; nil: until it is cleared.
    func report(
        _ part: Part, on channel: String? = nil, _ reason: String, remedy: String,
        lasts: TimeInterval? = nil
    ) {
        let key = Key(part: part, channel: channel)
        let now = clock.now()
        let isNews = state.withLock { state in
            let since = state.standing[key].flatMap { $0.isOver(at: now) ? nil : $0.since }
            state.standing[key] = Standstill(
                key: key, reason: reason, remedy: remedy, since: since ?? now,
                until: lasts.map(now.addingTimeInterval))
            var said = state.said[key] ?? Said()
            guard said.reason != reason || !said.isOpen,
                abs(now.timeIntervalSince(said.at)) >= Self.quiet
            else { return false }
            said = Said(reason: reason, at: now, isOpen: true)
            state.said[key] = said
            return true
        }
        if isNews { logger.error("\(part.words)", metadata: metadata(key, reason, remedy)) }
    }

    func report(
        _ part: Part, on channel: String? = nil, _ error: LedgerError, lasts: TimeInterval? = nil
    ) {
        // The daemon ends; nothing stands still.
        guard !error.isCancelled else { return }
        report(part, on: channel, error.message, remedy: error.advice, lasts: lasts)
    }

    func clear(_ part: Part, on channel: String? = nil) {
        let key = Key(part: part, channel: channel)
        let over = state.withLock { state -> Standstill? in
            guard let over = state.standing.removeValue(forKey: key),
                state.said[key]?.isOpen == true
            else { return nil }
            state.said[key]?.isOpen = false
            return over
        }
        guard let over else { return }
        let seconds = Int(clock.now().timeIntervalSince(over.since))
        var metadata: Logger.Metadata = ["stood": "\(seconds) s"]
        metadata["channel"] = channel.map { "\($0)" }
        logger.notice("over: \(part.words)", metadata: metadata)
    }

    /// Those of the whole daemon first, then by channel.
    var all: [Standstill] {
        let now = clock.now()
        let standing = state.withLock { state -> [Standstill] in
            state.standing = state.standing.filter { !$0.value.isOver(at: now) }
            return Array(state.standing.values)
        }
        let order = Part.allCases
        return standing.sorted { first, second in
            let (one, other) = (first.key.channel ?? "", second.key.channel ?? "")
            if one != other { return one < other }
            return order.firstIndex(of: first.key.part)! < order.firstIndex(of: second.key.part)!
        }
    }

    private func metadata(_ key: Key, _ reason: String, _ remedy: String) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["reason": "\(reason)", "next": "\(remedy)"]
        metadata["channel"] = key.channel.map { "\($0)" }
        return metadata
    }
}

extension Standstills.Standstill {
    fileprivate func isOver(at now: Date) -> Bool { until.map { $0 <= now } ?? false }
}

extension LedgerError {
    /// What a person does about it.
    var advice: String {
        switch remedy {
        case .fixHost:
            "free some space or mend the disk of the state directory; it goes on by itself"
        default: "nothing, it is tried again; if it stays, keep the log and report it"
        }
    }
}
