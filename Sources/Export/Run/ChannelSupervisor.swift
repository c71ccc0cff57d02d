import Bookkeeping
import Feeds
import Foundation
import Host
import Logging
import Model
import Profiles
import ServiceLifecycle
import Synchronization
import Transports
import Wire

/// Takes profiles, keeps each channel on its last good revision, and runs a courier and a publisher
/// for every channel there is.
final class ChannelSupervisor: Service {
    private let settings: Settings
    private let context: Courier.DeliveryContext
    private let lane = Lane("profiles")
    private let names: AsyncStream<String>
    private let found: AsyncStream<String>.Continuation
    /// Channels that had a file when the directory was read last.
    private let declared = Mutex<Set<String>>([])
    private let running = Mutex<[String: Loops]>([:])

    /// What works for a channel.
    private struct Loops {
        var courier: Courier
        var publisher: Publisher
        var verdicts: VerdictWatch
    }
    private let logger: Logger

    init(settings: Settings, context: Courier.DeliveryContext, logger: Logger) {
        self.settings = settings
        self.context = context
        self.logger = logger
        (names, found) = AsyncStream.makeStream()
    }

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { couriers in
                await self.run(&couriers)
            }
        } onGracefulShutdown: {
            self.found.finish()
            for courier in self.running.withLock({ $0.values.map(\.courier) }) { courier.stop() }
        }
    }

    /// Until the daemon stops, or one of them fails for good: then the whole supervisor does.
    private func run(_ group: inout ThrowingDiscardingTaskGroup<any Error>) async {
        for await name in names {
            guard let loops = running.withLock({ $0[name] }) else { continue }
            group.addTask {
                defer { self.found.finish() }
                try await loops.courier.run()
            }
            group.addTask {
                defer { self.found.finish() }
                try await cancelWhenGracefulShutdown { try await loops.publisher.run() }
            }
            group.addTask {
                defer { self.found.finish() }
                try await cancelWhenGracefulShutdown { try await loops.verdicts.run() }
            }
        }
    }

    /// A person has mended something: nothing of the channel's waits for the end of a back-off.
    func hurry(_ channel: String) {
        guard let loops = running.withLock({ $0[channel] }) else { return }
        loops.courier.hurry()
        loops.publisher.hurry()
        loops.verdicts.hurry()
    }

    /// How much of its ceilings a channel uses now; nil: it does not run.
    func use(of channel: String) -> StatusAnswer.Use? {
        running.withLock { $0[channel]?.courier }?.use
    }

    // MARK: Profiles

    /// Reads the directory and takes what is good.
    func load(by who: String) async throws -> ReloadAnswer {
        let (directory, vocabulary) = (settings.channels, settings.vocabulary)
        let known = try await context.ledger.channels()
        let read: [(file: String, result: Result<Profile, Problems>)]
        do {
            read = try await lane.run { () throws(Problems) in
                try Loader.loadDirectory(directory, vocabulary: vocabulary)
            }
        } catch {
            for record in known { recall(record) }
            context.standstills.report(
                .profiles, error.all.map(\.description).joined(separator: "; "),
                remedy: "make '\(directory)' readable for the daemon, then 'sluice reload'")
            return ReloadAnswer(
                channels: [:], problems: error.all, waiting: known.map(\.name))
        }
        context.standstills.clear(.profiles)
        var answer = ReloadAnswer(channels: [:], problems: [])
        var present: Set<String> = []
        for (file, result) in read {
            switch result {
            case .success(let profile):
                present.insert(profile.channel)
                let old = known.first { $0.name == profile.channel }
                answer.note(profile.channel, try await take(profile, over: old))
            case .failure(let problems):
                // By its file: the text itself may not even say which channel it is.
                let name = known.first { $0.file == file }?.name ?? Self.stem(file)
                present.insert(name)
                // What several took over by `like` is one mistake.
                answer.problems += problems.all.filter { !answer.problems.contains($0) }
                answer.note(name, try await keep(name, file, problems, known))
            }
        }
        for record in known where !present.contains(record.name) {
            answer.note(record.name, try await miss(record))
        }
        declared.withLock { $0 = present }
        for channel in present { hurry(channel) }
        try await context.ledger.note(
            "reloaded", subject: directory, "by \(who): \(answer.channels.count) channels")
        context.signals.reconcile.wake()
        context.signals.wakeWork()
        return answer
    }

    /// Puts the last good revisions in force, where nothing can be written.
    func recall() async throws(LedgerError) {
        for record in try await context.ledger.channels() { recall(record) }
    }

    private func take(
        _ profile: Profile, over old: ChannelRecord?
    ) async throws -> Outcome {
        let revision = profile.revision.rawValue
        let before = context.active.profile(profile.channel) ?? old.flatMap(reread)
        var doubt = try await doubtIfMoved(profile, from: old, before)
        if doubt == nil, let told = old?.held, old?.hold == .doubt, told.hasPrefix(Self.isGone) {
            doubt = "its profile was gone and is back; 'sluice resume \(profile.channel)' goes on"
        }
        // Before the revision that tells of it is replaced: a crash in between must not lose what lies there.
        try await noteOldFeed(of: profile, after: before)
        try await context.ledger.take(
            channel: profile.channel, file: profile.file, text: profile.text,
            formats: profile.formatTexts, revision: revision, address: profile.address,
            place: profile.address?.place,
            state: profile.state.rawValue, doubt: doubt)
        CrashPoint.reach("profile.taken")
        install(profile)
        if let doubt { return .waits("held: \(doubt)") }
        guard let old, let before else { return .done("taken") }
        if old.revision == revision { return .done("unchanged") }
        let changes = profile.changes(from: before)
        return .done(changes.isEmpty ? "taken" : "taken: " + changes.joined(separator: "; "))
    }

    /// Another place holds the channel until a person says what is meant; back at the first one
    /// before that, everything is as it was.
    private func doubtIfMoved(
        _ profile: Profile, from old: ChannelRecord?, _ before: Profile?
    ) async throws(LedgerError) -> String? {
        guard let old, let address = old.address, let new = profile.destination?.place
        else { return nil }
        let place = before?.destination?.place ?? address.description
        let fact = "elsewhere \(old.name)"
        let first = try await context.ledger.fact(fact) ?? ""
        if first.isEmpty, place == new { return nil }
        if first == new {
            try await context.ledger.setFact(fact, "")
            try await context.ledger.trust(channel: old.name, by: "reload")
            return nil
        }
        if first.isEmpty { try await context.ledger.setFact(fact, place) }
        return "its destination changed from '\(first.isEmpty ? place : first)' to "
            + "'\(new)'; 'sluice resume \(old.name)' sends everything there and leaves "
            + "the old place as it is"
    }

    /// A feed that moves, or ends, leaves one behind that nobody keeps true any more.
    private func noteOldFeed(
        of profile: Profile, after before: Profile?
    ) async throws(LedgerError) {
        let (ledger, name) = (context.ledger, profile.channel)
        let lies = try await ledger.fact(FeedPlace.fact(name)) ?? ""
        guard !lies.isEmpty else { return }
        let left = FeedPlace.left(name)
        if profile.feedPlace != lies {
            try await ledger.setFact(left, lies)
        } else if let beside = try await documentsBeside(profile, after: before) {
            try await ledger.setFact(left, beside)
        } else if try await ledger.fact(left) == lies {
            try await ledger.setFact(left, "")
        }
    }

    /// Documents that lie beside the one with the feed's own name, and that no other format fills; nil:
    /// none.
    private func documentsBeside(
        _ profile: Profile, after before: Profile?
    ) async throws(LedgerError) -> String? {
        guard let feed = profile.feed, let old = before?.feed, let place = profile.feedPlace,
            old.format.name != feed.format.name,
            let out = try await context.ledger.editions(channel: profile.channel)
                .last(where: { $0.state == .confirmed }), out.fits(old)
        else { return nil }
        let path = "\(context.store.editions)/\(profile.channel)/\(out.file)"
        let count = await lane.run { EditionParts.files(path).count }
        let others = EditionParts.names(old.file.rawValue, count: count, of: old.format)
        let base = place.dropLast(feed.file.rawValue.count)
        return others.isEmpty ? nil : others.map { base + $0 }.joined(separator: "' and '")
    }

    /// Begins the doubt about a channel whose file is gone.
    private static let isGone = "its profile "

    private func keep(
        _ name: String, _ file: String, _ problems: Problems, _ known: [ChannelRecord]
    ) async throws -> Outcome {
        try await context.ledger.refuse(
            channel: name, file: file, problems: "\(problems)")
        logger.error(
            "a profile is not good",
            metadata: ["file": "\(file)", "mistakes": "\(problems.all.count)"])
        guard let record = known.first(where: { $0.name == name }), recall(record) else {
            start(name)
            let wasGood = known.contains { $0.name == name && $0.text != nil }
            return .waits(
                wasGood
                    ? "off: its last good revision cannot be read any more"
                    : "off: it has never been good")
        }
        return .waits("kept at its last good revision")
    }

    private func miss(_ record: ChannelRecord) async throws -> Outcome {
        let name = record.name
        let isKnown = recall(record)
        guard record.text != nil else {
            try await forget(
                record, because: "its file is gone, and it was never good", by: "reload")
            return .done("forgotten: its file is gone, and it was never good")
        }
        let holdings = try await context.ledger.holdings(of: name)
        if record.state != "live", holdings.names == 0, !isAtWork(name) {
            try await forget(
                record, because: "its file is gone, and nothing was there", by: "reload")
            return .done("forgotten: its file is gone, and nothing was there")
        }
        let there = Amount.count(holdings.names, "file")
        try await context.ledger.doubt(
            channel: name,
            because: "\(Self.isGone)'\(record.file)' is gone, \(there) there; put it back, then "
                + "'sluice resume \(name)'; with 'state: retired' in it everything is taken down; "
                + "'sluice forget \(name)' ends the channel")
        return .waits(
            isKnown
                ? "held: its file is gone; it stays at its last good revision"
                : "off: its file is gone")
    }

    // MARK: The end of a channel

    /// Forgets a channel whose file is gone.
    /// - Parameter leave: what is there stays, and nobody looks after it any more.
    /// - Returns: what was done, for people.
    func forget(_ channel: String, leave: Bool, by who: String) async throws -> String {
        guard let record = try await context.ledger.channel(channel) else { return "" }
        if declared.withLock({ $0.contains(channel) }), Files.exists(record.file) {
            throw Declined.conflict(
                "'\(channel)' still has its profile '\(record.file)'",
                next: "'state: retired' in it takes everything down; delete it to end the channel")
        }
        let (names, mustGo) = try await context.ledger.holdings(of: channel)
        let files = Amount.count(names, "file")
        guard names == 0 || leave else {
            throw Declined.conflict(
                "\(files) of '\(channel)' may be there still",
                next:
                    "to take them down put its profile back with 'state: retired'; 'sluice forget "
                    + "\(channel) --leave' leaves them there, and nobody looks after them")
        }
        guard !isAtWork(channel) else {
            throw Declined.conflict(
                "a transfer of '\(channel)' is under way",
                next: "'sluice hold \(channel)', and again in a moment")
        }
        let left = names == 0 ? "nothing was there" : "\(files) stay there unmanaged"
        let gone = mustGo == 0 ? "" : ", \(mustGo) of them may not: take them down by hand"
        try await forget(record, because: left + gone, by: who)
        return "'\(channel)' is forgotten: \(left)\(gone)"
    }

    private func forget(_ record: ChannelRecord, because: String, by who: String) async throws {
        // Before the rows: whoever reconciles would want them again.
        context.active.remove(record.name)
        try await context.ledger.forget(channel: record.name, because: because, by: who)
    }

    private func isAtWork(_ channel: String) -> Bool {
        running.withLock { $0[channel]?.courier.isAtWork ?? false }
    }

    /// Puts the last good revision in force, as it stands in the ledger.
    @discardableResult
    private func recall(_ record: ChannelRecord) -> Bool {
        if context.active.profile(record.name) != nil { return true }
        guard let profile = reread(record) else { return false }
        install(profile)
        return true
    }

    private func reread(_ record: ChannelRecord) -> Profile? {
        guard let text = record.text else { return nil }
        let vocabulary = settings.vocabulary.recalling(
            record.formats, beside: settings.channels)
        return try? Loader.load(
            text: text, file: record.file, library: library(), vocabulary: vocabulary
        ).get()
    }

    /// For `like: FILE#rendition` in a revision that is recalled.
    private func library() -> [String: String] {
        let texts = context.active.profiles.map { (Self.stem($0.file), $0.text) }
        return Dictionary(texts, uniquingKeysWith: { first, _ in first })
    }

    private func install(_ profile: Profile) {
        context.active.put(profile)
        start(profile.channel)
    }

    private func start(_ channel: String) {
        let isNew = running.withLock { running in
            guard running[channel] == nil else { return false }
            running[channel] = Loops(
                courier: Courier(channel: channel, context: context),
                publisher: Publisher(channel: channel, context: context),
                verdicts: VerdictWatch(channel: channel, context: context))
            return true
        }
        if isNew { found.yield(channel) }
    }

    private static func stem(_ file: String) -> String {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        return name.hasSuffix(".yaml") ? String(name.dropLast(5)) : name
    }
}

/// What became of a channel's file.
private enum Outcome {
    case done(String)
    /// For a person.
    case waits(String)
}

extension ReloadAnswer {
    fileprivate mutating func note(_ channel: String, _ outcome: Outcome) {
        switch outcome {
        case .done(let what): channels[channel] = what
        case .waits(let what):
            channels[channel] = what
            waiting.append(channel)
        }
    }
}
