import Bookkeeping
import Foundation
import Host
import Logging
import ServiceLifecycle
import Synchronization
import Wire

/// Tells people what `sluice status` says, without being asked. Whatever becomes of it stops nothing
/// else: what cannot be told is tried again, and status says so.
struct AlarmService: Service {
    /// Seconds between two looks, at most.
    private static let often = 15.0
    private static let fact = "alarm"

    let settings: AlarmSettings
    let sending: AlarmSending
    let ledger: Ledger
    let troubles: AlarmTroubles
    let logger: Logger
    let causes: @Sendable () async throws -> [StatusAnswer.Cause]

    /// What was told, and how much of that the ledger knows.
    struct Memory: Sendable {
        var state = AlarmState()
        fileprivate var saved = AlarmState()

        init() {}
    }

    func run() async throws {
        guard !settings.means.isEmpty else {
            return try await gracefulShutdown()
        }
        await cancelWhenGracefulShutdown {
            var memory = await remembered()
            while !Task.isCancelled {
                await turn(&memory)
                await ledger.clock.sleep(max(1, min(Self.often, settings.after)))
            }
        }
    }

    func remembered() async -> Memory {
        var memory = Memory()
        guard let text = try? await ledger.fact(Self.fact),
            let state = try? JSONDecoder().decode(AlarmState.self, from: Data(text.utf8))
        else { return memory }
        memory.state = state
        memory.saved = state
        return memory
    }

    func turn(_ memory: inout Memory) async {
        guard let causes = try? await causes(), !Task.isCancelled else { return }
        let now = ledger.now()
        if let digest = memory.state.take(causes, patience: settings.after, at: now) {
            for means in settings.means { memory.state.owe(digest, by: means, at: now) }
        }
        for (means, digest) in memory.state.due(settings.means, at: now) {
            do throws(Untold) {
                try await sending.send(digest, by: means)
                memory.state.arrived(by: means)
                logger.notice("told", metadata: ["by": "\(means)", "id": "\(digest.id)"])
            } catch {
                // Stopped on the way: the next start tells it.
                guard !Task.isCancelled else { break }
                memory.state.failed(by: means, error.why, at: ledger.now())
                logger.warning(
                    "an alarm cannot be told",
                    metadata: ["by": "\(means)", "reason": "\(error.why)"])
            }
        }
        troubles.set(memory.state.owed)
        await save(&memory)
    }

    /// On a full disk it is known until the end of this process, and written down later.
    private func save(_ memory: inout Memory) async {
        guard memory.state != memory.saved else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let data = try? encoder.encode(memory.state) else { return }
        let text = String(decoding: data, as: UTF8.self)
        guard (try? await ledger.setFact(Self.fact, text)) != nil else { return }
        memory.saved = memory.state
    }
}

/// What cannot be told at this moment.
final class AlarmTroubles: Sendable {
    private let owed = Mutex<[String: AlarmState.Owed]>([:])

    func set(_ owed: [String: AlarmState.Owed]) { self.owed.withLock { $0 = owed } }

    func words(_ zone: TimeZone) -> [String] {
        owed.withLock(\.self).sorted { $0.key < $1.key }.compactMap { means, owed in
            owed.why.map { why in
                "nobody is told by '\(means)' since \(owed.since.plain(in: zone)): \(why); tried "
                    + "again \(owed.next.plain(in: zone))"
            }
        }
    }
}
