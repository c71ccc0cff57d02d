import Bookkeeping
import Foundation
import Host
import Intake
import Model
import Profiles
import Synchronization
import Transports

/// Reads what a channel answers about the items of its feed, where the profile says where that lies. It is
/// foreign and nothing waits for it: what cannot be read is said, and tried again.
final class VerdictWatch: Sendable {
    /// Bytes of one answer, items of it, and answers read in one go.
    private static let longest = 32 << 20
    private static let most = 500_000
    private static let atOnce = 20
    /// Files that are known apart; a channel that keeps more is read from its newest names.
    private static let known = 2000

    let channel: String
    private let context: Courier.DeliveryContext
    private let signal: WakeSignal
    private let lane: Lane
    private let next = Mutex(Date.distantPast)

    init(channel: String, context: Courier.DeliveryContext) {
        self.channel = channel
        self.context = context
        signal = context.signals.signal(channel: channel)
        lane = Lane("verdicts-\(channel)")
    }

    /// A person says: now.
    func hurry() {
        next.withLock { $0 = .distantPast }
        signal.wake()
    }

    func run() async throws {
        while !Task.isCancelled {
            do throws(LedgerError) {
                await signal.wait(until: try await turn())
            } catch {
                guard !error.isFatal else { throw error }
                if Task.isCancelled { break }
                await context.ledger.clock.sleep(Standstills.pause)
            }
        }
    }

    /// - Returns: when to look again.
    private func turn() async throws(LedgerError) -> Date? {
        guard let profile = context.active.profile(channel), profile.state == .live,
            let feed = profile.feed, let verdicts = feed.verdicts,
            let destination = feed.destination ?? profile.destination
        else { return nil }
        let (now, due) = (context.ledger.now(), next.withLock(\.self))
        guard due <= now else { return due }
        guard let record = try await context.ledger.channel(channel) else { return nil }
        // Logins that are refused are not tried from here as well.
        if let paused = record.pausedUntil, paused > now { return paused }
        let isAll = try await read(verdicts, at: destination)
        let after = isAll ? now.addingTimeInterval(verdicts.every) : now
        next.withLock { $0 = after }
        return after
    }

    // MARK: Reading

    /// - Returns: false where there is more.
    private func read(
        _ verdicts: Profile.Verdicts, at destination: Destination
    ) async throws(LedgerError) -> Bool {
        let before = try await context.ledger.verdictsRead(of: channel)
        var read = VerdictsRead(at: context.ledger.now())
        (read.files, read.unknown) = (before?.files ?? [:], before?.unknown ?? 0)
        read.strangers = before?.strangers
        var rest = 0
        do {
            // The publisher's: two would sweep away what the other has begun.
            let transport = try await context.connections.transport(
                channel, for: .feed, destination)
            guard let transport = transport as? any FetchingTransport else {
                throw DeliveryError(
                    "'\(destination.address.description)' does not hand out files",
                    remedy: .fixProfile)
            }
            let paths = try await transport.paths(like: verdicts.path).suffix(Self.known)
            read.files = read.files.filter { paths.contains($0.key) }
            // Each is there for good where each has its own name; one name is asked for again.
            let isOne = !verdicts.path.contains("*")
            let new = paths.filter { isOne || read.files[$0] == nil }
            rest = max(0, new.count - Self.atOnce)
            for path in new.prefix(Self.atOnce) where !Task.isCancelled {
                try await take(path, verdicts, from: transport, into: &read)
            }
        } catch let error as LedgerError {
            throw error
        } catch let error as DeliveryError {
            guard error.origin != .ended else { return true }
            (read.trouble, rest) = (error.message, 0)
        } catch {
            (read.trouble, rest) = ("\(error)", 0)
        }
        guard !Task.isCancelled else { return true }
        try await context.ledger.record(read, of: channel)
        return rest == 0
    }

    private func take(
        _ path: String, _ verdicts: Profile.Verdicts, from transport: any FetchingTransport,
        into read: inout VerdictsRead
    ) async throws {
        let data = try await transport.fetch(path, limit: Self.longest)
        let hash = ContentHash.of(data).rawValue
        guard read.files[path] != hash else { return }
        let copy = "\(context.store.work)/verdicts-\(channel)"
        do throws(Problem) {
            let answers = try await lane.run { () throws(Problem) in
                try Self.answers(data, copy, path, verdicts)
            }
            (read.unknown, read.strangers) = try await record(answers)
            read.files[path] = hash
        } catch {
            // It may not be whole yet.
            read.trouble = "'\(path)', line \(error.place.line): \(error.message)"
        }
    }

    private func record(
        _ answers: [String: ItemAnswer]
    ) async throws(Problem) -> (Int, [String]?) {
        do throws(LedgerError) {
            return try await context.ledger.record(answers, of: channel)
        } catch {
            throw Problem(Place(file: channel, line: 1, column: 1), error.message, code: "ledger")
        }
    }

    /// SKU → what is said of it: of several rows the worst counts, as one is for each market.
    private static func answers(
        _ data: Data, _ copy: String, _ path: String, _ verdicts: Profile.Verdicts
    ) throws(Problem) -> [String: ItemAnswer] {
        let top = Place(file: path, line: 1, column: 1)
        let file: OpenFile
        do throws(HostError) {
            file = try laid(data, at: copy)
        } catch {
            throw Problem(top, "\(error)", code: "unreadable")
        }
        let table = try VerdictTable(
            file, path: path, kind: verdicts.kind, item: verdicts.item, status: verdicts.status,
            message: verdicts.message)
        var answers: [String: ItemAnswer] = [:]
        while let row = try table.next() {
            let verdict = verdicts.verdict(of: row.status)
            if let known = answers[row.sku], known.verdict <= verdict { continue }
            answers[row.sku] = ItemAnswer(verdict, status: row.status, message: row.message)
            guard answers.count <= most else {
                throw Problem(top, "it speaks of more than \(most) items", code: "too-long")
            }
        }
        return answers
    }

    /// In a file that has no name.
    private static func laid(_ data: Data, at path: String) throws(HostError) -> OpenFile {
        try Files.write(data, to: path, durable: false)
        let file = try OpenFile.open(path, O_RDONLY)
        try Files.remove(path)
        return file
    }
}

extension Profile.Verdicts {
    fileprivate var kind: TableForm.Kind {
        switch format {
        case .csv: .delimited(TableForm.Dialect())
        case .json: .json(items: items)
        case .jsonLines: .jsonLines
        case .xml: .xml(item: items)
        }
    }
}
