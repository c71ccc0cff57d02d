import Bookkeeping
import Foundation
import Host
import Logging
import Model
import PictureSupport
import Profiles
import Rendering
import Synchronization
import Wire

@testable import Export

/// A ledger with approved pictures, a channel that wants them, and stations that are led by hand.
final class Workshop: Sendable {
    static let profile = """
        channel: shop
        state: live
        slots:
          main: {view: front, rendition: hero, name: "{sku}.{ext}"}
          zoom: {view: front, rendition: zoom, name: "{sku}-zoom.{ext}"}
        renditions:
          hero:
            size: 100x100
            fit: pad
            background: {color: "#FFFFFF"}
            format: jpeg
          zoom: {like: hero, size: 120x120}
        deliver: {to: file:///srv/shop/, old_stays: 14d}
        """

    let folder: Folder
    let store: Store
    let ledger: Ledger
    let pool: RenderPool
    let queue = RenderQueue(hungry: WakeSignal())
    private let active = ActiveProfiles()
    let profile: Profile
    private let logger = Logger(label: "workshop") { _ in SwiftLogNoOpLogHandler() }

    /// - Parameters:
    ///   - name: of a slot and a rendition of the profile that are left out.
    ///   - slots, renditions: lines that the profile has besides.
    init(without name: String = "nothing", slots: String = "", renditions: String = "") throws {
        folder = try Folder()
        store = Store(state: folder.path)
        try store.prepare()
        ledger = try Ledger(directory: folder.path)
        let lines = Self.profile
            .replacing("renditions:\n", with: "\(slots)\nrenditions:\n")
            .replacing("deliver:", with: "\(renditions)\ndeliver:")
            .split(separator: "\n").filter { !$0.contains("\(name):") }
        profile = try Loader.load(
            text: lines.joined(separator: "\n"), file: "shop.yaml",
            vocabulary: Vocabulary(views: [(name: "front", aliases: [])], zone: .gmt)
        ).get()
        active.put(profile)
        let signals = WakeSignals()
        pool = RenderPool(
            ledger: ledger,
            context: RenderStation.RenderContext(
                ledger: ledger, store: store, active: active, signals: signals,
                standstills: Standstills(logger: logger), executable: "", logger: logger,
                note: { _, _ in }), count: 1, signals: signals, heartbeat: Heartbeat(),
            logger: logger)
    }

    /// A picture of one colour arrives as the front of a SKU.
    /// - Returns: its hash; no two colours have the same.
    @discardableResult
    func arrives(_ sku: String, color: UInt8, side: Int = 200) async throws -> ContentHash {
        try Drawing(side, side, color: [color, 90, 60]).save("pngsave", to: folder["a.png"])
        return try await arrives(sku, bytes: folder.read("a.png"))
    }

    /// - Parameter bytes: of a png.
    @discardableResult
    func arrives(_ sku: String, bytes: Data) async throws -> ContentHash {
        let hash = ContentHash.of(bytes)
        let path = store.masters + "/" + StoredFile.master(hash)
        try Files.makeDirectory(String(path[..<path.lastIndex(of: "/")!]))
        try bytes.write(to: URL(filePath: path))
        try await ledger.accept(
            Arrival(
                path: "\(sku).png", fingerprint: sku, batch: nil,
                declaration: Declaration(
                    assets: [Asset(sku: sku, view: "front")],
                    approval: Approval(by: "maria", at: .init(timeIntervalSince1970: 1))),
                master: hash, bytes: Int64(bytes.count), format: .png))
        return hash
    }

    /// - Parameter faults: what its workers do to themselves; see `FaultInjection`.
    func station(
        _ faults: String? = nil, number: Int = 1, hung seconds: Double = 300
    ) throws -> RenderStation {
        var executable = Workbench.executable
        if let faults {
            let tools = folder["tools-\(number)"]
            try Files.makeDirectory(tools)
            let script = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "faults.sh").path(percentEncoded: false)
            for (name, target) in [(faults, script), ("sluice-render", Workbench.executable)] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(tools)/\(name)", withDestinationPath: target)
            }
            executable = "\(tools)/\(faults)"
        }
        return station(running: executable, number: number, hung: seconds)
    }

    func station(running executable: String, number: Int = 1, hung seconds: Double = 300)
        -> RenderStation
    {
        let timeouts = WorkerPair.Timeouts(all: seconds)
        return RenderStation(
            number: number,
            context: RenderStation.RenderContext(
                ledger: ledger, store: store, active: active, signals: WakeSignals(),
                standstills: Standstills(logger: logger), executable: executable, logger: logger,
                timeouts: timeouts, note: { _, _ in }),
            pool: pool)
    }

    // MARK: Work

    /// Reads what there is to do into the queue.
    func fetch() async throws -> Int {
        try await reconcile()
        await queue.beginFetch()
        let inspections = try await ledger.mastersToInspect(limit: 100).map(PictureJob.inspect)
        let renders = try await ledger.rendersWaiting(limit: 100).map(PictureJob.render)
        return await queue.add(inspections + renders)
    }

    /// Until nothing is left to do.
    /// - Returns: the masters that were taken up, in that order.
    @discardableResult
    func work(_ station: RenderStation) async throws -> [ContentHash] {
        var order: [ContentHash] = []
        while true {
            let count = try await fetch()
            if count == 0 { return order }
            for _ in 0..<count {
                guard let job = await queue.next() else { return order }
                order.append(job.master)
                let rest = try await station.work(on: job)
                await queue.finish(job, restingUntil: rest)
            }
        }
    }

    private func reconcile() async throws {
        for sku in try await ledger.dirtySKUs(limit: 100) {
            let record = try await ledger.skuRecord(sku)
            let difference = Difference(record: record, profile: profile, now: ledger.now())
            let early = record.awaitsInspection
            try await ledger.settle(
                record, changes: early ? [] : difference.changes,
                refused: early ? [] : difference.refused, channels: ["shop"], boundary: nil)
        }
    }

    // MARK: What came of it

    /// Name → state of what a SKU is to have.
    func states(_ sku: String) async throws -> [String: String] {
        try await ledger.skuState(sku).deliveries.reduce(into: [:]) {
            $0[$1.name.rawValue] = $1.state.rawValue
        }
    }

    func unusable(_ sku: String) async throws -> String? {
        try await ledger.skuState(sku).unusable.values.first
    }

    func gates(_ sku: String) async throws -> [String] {
        try await ledger.verdicts(of: sku).flatMap(\.gates).map(\.message)
    }
}
