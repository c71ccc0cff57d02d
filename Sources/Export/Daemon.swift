// The work: what arrived is looked into, what should be where is reconciled with what is, and the
// difference is rendered, sent, confirmed, published and withdrawn. Every part is a service that
// keeps its state in the ledger and can be killed at any instant; this file puts them together.

import Bookkeeping
import Foundation
package import Host
import Intake
package import Logging
import Model
package import ServiceLifecycle
import Synchronization
import Transports
import Wire

/// Everything that lives while `sluice run` does.
package final class Daemon: Sendable {
    let settings: Settings
    let ledger: Ledger
    let store: Store
    let active = ActiveProfiles()
    let signals: WakeSignals
    let heartbeat: Heartbeat
    let standstills: Standstills
    let disk: Disk
    let lookout: Lookout
    let notify: ServiceNotify
    let logger: Logger
    let version: String
    let startedAt: Date
    let pool: RenderPool
    let spool: SpoolWatch
    let products: ProductWatch?
    let supervisor: ChannelSupervisor
    let alarmTroubles = AlarmTroubles()
    private let credentials: Credentials

    /// Opens the state directory, alone.
    package init(
        settings: Settings, version: String, notify: ServiceNotify, logger: Logger,
        clock: WallClock = .system
    ) throws(DaemonError) {
        self.settings = settings
        self.version = version
        self.notify = notify
        self.logger = logger
        store = Store(state: settings.state)
        let standstills = Standstills(logger: logger, clock: clock)
        let signals = WakeSignals(clock: clock)
        self.signals = signals
        heartbeat = Heartbeat(clock: clock)
        self.standstills = standstills
        do throws(HostError) { try store.prepare() } catch {
            throw error.call == "chmod" ? .exposed(error) : .host(error)
        }
        let ballast = Ballast(store.ballast) { signals.lookout.wake() }
        disk = Disk(
            state: settings.state, spool: settings.spool.path, reserve: settings.reserve,
            ballast: ballast)
        do throws(LedgerError) {
            ledger = try Ledger(
                directory: settings.state, clock: clock, zone: settings.spool.zone,
                ballast: ballast, storeIsUsed: store.isUsed)
        } catch {
            throw .ledger(
                error.message, next: Recovery.advice(on: error, state: settings.state),
                isNewer: error.isNewer)
        }
        startedAt = ledger.now()
        lookout = Lookout(ledger: ledger, disk: disk, signals: signals, standstills: standstills)
        let spool = SpoolWatch(
            settings: settings, ledger: ledger, store: store, disk: disk, signals: signals,
            heartbeat: heartbeat, standstills: standstills, logger: logger)
        self.spool = spool
        pool = RenderPool(
            ledger: ledger,
            context: RenderStation.RenderContext(
                ledger: ledger, store: store, active: active, signals: signals,
                standstills: standstills, executable: settings.renderer, logger: logger,
                note: { await spool.note(unusable: $0, $1) }), count: settings.workers,
            signals: signals, heartbeat: heartbeat, logger: logger)
        products = settings.productDirectory.map { [ledger, signals, store, heartbeat] directory in
            ProductWatch(
                settings: ProductTaking.Settings(
                    directory: directory, forms: settings.productForms,
                    drop: settings.productDrop, settle: settings.spool.settle,
                    scratch: store.products), ledger: ledger, signals: signals,
                heartbeat: heartbeat,
                standstills: standstills, logger: logger)
        }
        credentials = Credentials(directory: settings.credentials)
        let connections = Connections(
            means: TransportMeans(credentials: credentials, clock: clock))
        supervisor = ChannelSupervisor(
            settings: settings,
            context: Courier.DeliveryContext(
                ledger: ledger, store: store, active: active, signals: signals,
                connections: connections, heartbeat: heartbeat, standstills: standstills,
                logger: logger),
            logger: logger)
    }

    /// The parts, in the order in which they start; they stop in reverse.
    package var services: [any Service] {
        var services: [any Service] = [
            Watchdog(ledger: ledger, heartbeat: heartbeat, notify: notify, logger: logger),
            lookout, alarm,
            Housekeeper(
                ledger: ledger, store: store, keep: settings.keep, standstills: standstills),
            supervisor, pool,
            Reconciler(
                ledger: ledger, active: active, signals: signals, heartbeat: heartbeat,
                standstills: standstills, logger: logger, spool: settings.spool.path),
        ]
        if let products { services.append(products) }
        return services + [spool]
    }

    var alarm: AlarmService {
        let text = AlarmText(host: OwnProcess.hostName, zone: settings.spool.zone)
        return AlarmService(
            settings: settings.alarm,
            sending: AlarmSending(settings: settings.alarm, credentials: credentials, text: text),
            ledger: ledger, troubles: alarmTroubles, logger: logger,
            causes: { try await self.status(look: nil).causes })
    }

    /// After the services have ended.
    package func close() async { await ledger.close() }

    /// What to do about an error that ended the services, where that is known.
    package func advice(on error: any Error) -> String? {
        (error as? LedgerError).flatMap { Recovery.advice(on: $0, state: settings.state) }
    }

    /// Takes the product records and the profiles, before anything is decided.
    package func prepare() async throws {
        await Lane("ballast").run { [disk] in disk.ballast.take() }
        if let loss = try await ledger.loss() {
            logger.critical("\(Recovery.words(loss, state: settings.state))")
        }
        try? await Lane("sweep").run { [store] () throws(HostError) in
            try Spool.sweep(store.masters)
        }
        try await products?.turn()
        try await unlessFatal(.reconciler) { () async throws(LedgerError) in
            try await ledger.lookAgainAtWhatIsAside()
            try await ledger.lookAgainAtWhatIsMade()
        }
        do {
            let answer = try await supervisor.load(by: "start")
            for problem in answer.problems { logger.error("\(problem)") }
        } catch let error as LedgerError where !error.isFatal {
            try await supervisor.recall()
            standstills.report(
                .profiles, error.message, remedy: "\(error.advice); then 'sluice reload'")
        }
    }

    /// On a full disk as well: what is known is worked on, and what must go goes.
    private func unlessFatal(
        _ part: Standstills.Part, _ body: () async throws(LedgerError) -> Void
    ) async throws(LedgerError) {
        do throws(LedgerError) {
            try await body()
        } catch {
            guard !error.isFatal else { throw error }
            standstills.report(part, error)
        }
    }
}

/// Why the daemon cannot run.
package enum DaemonError: Error, Sendable, CustomStringConvertible {
    case host(HostError)
    /// Others may read the state directory or something in it, and it is not ours to close.
    case exposed(HostError)
    case ledger(String, next: String?, isNewer: Bool)

    package var description: String {
        switch self {
        case .host(let error): "\(error)"
        case .exposed(let error):
            "others may read '\(error.path)', and it is not this account's to close (\(error)); "
                + "chown it to the account that runs sluice, or chmod it 0700"
        case .ledger(let message, _, _): message
        }
    }

    package var next: String? {
        if case .ledger(_, let next, _) = self { next } else { nil }
    }
}
