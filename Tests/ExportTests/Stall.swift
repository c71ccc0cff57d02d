import Bookkeeping
import Foundation
import Host
import Logging
import Model
import Profiles
import Support
import Synchronization
import Testing
import Transports
import TransportsSupport

@testable import Export

/// One channel as the daemon runs it, courier and publisher at work, with a real ledger and store, a
/// remote in memory and the time in the test's hand.
///
/// ```swift
/// try await Stall.open { stall in
///     try await stall.ready(3)
///     stall.remote.next(.put, .loseAnswer)
///     try await stall.pass(60)
/// }
/// ```
final class Stall: Sendable {
    static let text = """
        channel: shop
        state: live
        slots:
          main: {view: front, rendition: hero, name: "{sku}.{ext}"}
        renditions:
          hero:
            size: 500x500..1000x1000
            fit: pad
            background: {color: "#FFFFFF"}
            format: jpeg
            max_bytes: 1MB
        deliver: {to: "fake://shop/", sessions: 4, old_stays: 1d}
        """

    let directory: String
    let clock = SteppedClock()
    let fake = FakeReader()
    let ledger: Ledger
    let store: Store
    let active = ActiveProfiles()
    let signals: WakeSignals
    let context: Courier.DeliveryContext
    private let working = Mutex<Working?>(nil)
    private let number = Mutex(0)

    private struct Working {
        var courier: Courier
        var publisher: Publisher
        var tasks: [Task<Void, any Error>]
    }

    private init() throws {
        directory = NSTemporaryDirectory() + "stall-\(UUID().uuidString)"
        store = Store(state: directory)
        try store.prepare()
        ledger = try Ledger(directory: directory, clock: clock.clock)
        signals = WakeSignals(clock: clock.clock)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        context = Courier.DeliveryContext(
            ledger: ledger, store: store, active: active, signals: signals,
            connections: Connections(
                means: TransportMeans(
                    credentials: Credentials(directory: directory), clock: clock.clock)),
            heartbeat: Heartbeat(clock: clock.clock),
            standstills: Standstills(logger: logger, clock: clock.clock), logger: logger)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Runs `body` beside the channel's loops, and ends them after it.
    static func open(
        _ edits: (String, String)..., body: (Stall) async throws -> Void
    ) async throws {
        let stall = try Stall()
        try await stall.take(edits)
        await stall.start()
        do {
            try await body(stall)
        } catch {
            try? await stall.stop()
            throw error
        }
        try await stall.stop()
        await stall.ledger.close()
    }

    /// A daemon's life begins.
    func start() async {
        begin()
        await quiet()
    }

    /// The same, and does not wait until nobody has anything to do: somebody may hang.
    func begin() {
        let (courier, publisher) = (
            Courier(channel: "shop", context: context), Publisher(channel: "shop", context: context)
        )
        let tasks = [Task { try await courier.run() }, Task { try await publisher.run() }]
        working.withLock { $0 = Working(courier: courier, publisher: publisher, tasks: tasks) }
    }

    /// The daemon is asked to stop, and killed after `grace` seconds.
    func stop(grace: Double = 0) async throws {
        let working = working.withLock { $0! }
        working.courier.stop()
        working.tasks[1].cancel()
        if grace > 0 {
            // It counts from when it hears of it, which must not be after time went on.
            let end = clock.now.addingTimeInterval(grace)
            while !clock.isAwaited(end) { try await ledger.tick() }
            clock.go(to: end)
        }
        if grace == 0 { working.tasks[0].cancel() }
        for task in working.tasks { try await task.value }
        self.working.withLock { $0 = nil }
    }

    /// The daemon is asked to stop, and does.
    func end() async throws {
        let working = working.withLock { $0! }
        working.courier.stop()
        working.tasks[1].cancel()
        for task in working.tasks { try await task.value }
        self.working.withLock { $0 = nil }
    }

    var courier: Courier { working.withLock { $0!.courier } }
    var publisher: Publisher { working.withLock { $0!.publisher } }
    var remote: FakeRemote { fake.remote("shop") }

    // MARK: Time

    /// Comes back when nobody has anything to do before time goes on.
    func quiet() async {
        while let working = working.withLock(\.self),
            !(working.courier.isAsleep && working.publisher.isAsleep)
        {
            // Not in a circle of our own: others need the pool's threads.
            try? await ledger.tick()
        }
    }

    /// Lets time pass, from alarm to alarm, and everybody do what they have to do at each.
    func pass(_ seconds: Double) async {
        let end = clock.now.addingTimeInterval(seconds)
        await quiet()
        while let next = clock.next, next <= end {
            clock.go(to: next)
            await quiet()
        }
        clock.go(to: end)
        await quiet()
    }

    // MARK: What happens

    /// The profile changes, or is read for the first time.
    func take(_ edits: [(String, String)], as channel: String = "shop") async throws {
        let text = edits.reduce(Self.text) { $0.replacing($1.0, with: $1.1) }
        let vocabulary = Vocabulary(
            views: ["front", "back"].map { (name: $0, aliases: []) }, zone: .gmt,
            transports: TransportRegistry([fake]), formats: .ofTwo)
        let profile = try Loader.load(text: text, file: "shop.yaml", vocabulary: vocabulary).get()
        try await ledger.take(
            channel: channel, file: "\(channel).yaml", text: text,
            revision: profile.revision.rawValue,
            address: profile.address, state: profile.state.rawValue, doubt: nil)
        active.put(profile)
        signals.wakeWork()
    }

    /// So many new products, each with one picture that waits to be sent: `S1.jpg`, `S2.jpg` …
    @discardableResult
    func ready(_ count: Int) async throws -> [String] {
        var names: [String] = []
        for _ in 1...count {
            let number = self.number.withLock { number in
                number += 1
                return number
            }
            try await wanted("S\(number)", "picture \(number)")
            names.append("S\(number).jpg")
        }
        signals.wake(channel: "shop")
        await quiet()
        return names
    }

    /// The picture `seed` is what the product shall have, and is rendered.
    func wanted(
        _ sku: String, _ seed: String, _ view: String = "front", until: Date? = nil,
        on channel: String = "shop", replaces: Bool = false
    ) async throws {
        let (asset, master) = (Asset(sku: sku, view: view), ContentHash.of(Data(seed.utf8)))
        let name = try #require(RemoteName(rawValue: Self.name(sku, view)))
        // Two approvals of one moment would contest each other.
        let earlier = try await ledger.skuState(sku).versions.count
        try await ledger.accept(
            Arrival(
                path: "\(seed).png", fingerprint: seed, batch: nil,
                declaration: Declaration(
                    assets: [asset],
                    approval: Approval(
                        by: "maria", at: .init(timeIntervalSince1970: 1 + Double(earlier))),
                    rights: Rights(until: until)),
                master: master, bytes: 1000, format: .png))
        try await ledger.recordInspection(
            Inspection(
                format: .png, size: PixelSize(width: 2000, height: 2000), orientation: 1,
                pages: 1, bands: 3, bitsPerBand: 8, hasAlpha: false, space: "srgb",
                hasProfile: true), of: master)
        let record = try await ledger.skuRecord(sku)
        let key = ContentHash.of(Data("rendition of \(seed)".utf8))
        let profile = try #require(active.profile(channel))
        let wanted = Wanted(
            channel: channel, name: name, asset: asset,
            slot: view == "front" ? "main" : "more", position: 1,
            version: try #require(record.state.versions.map(\.id).max()), master: master,
            rendition: "hero", key: key,
            recipe: try #require(profile.renditions["hero"]).recipe, passed: false)
        try await ledger.settle(
            record,
            changes: [
                .want(
                    wanted, replaces: replaces,
                    over: record.state.deliveries.first { $0.name == name })
            ], refused: [], channels: [channel], boundary: nil)
        let bytes = Self.bytes(seed)
        try bytes.write(to: URL(filePath: "\(store.renditions)/\(key).jpg"))
        let waiting = try await ledger.waiting(for: key)
        try await ledger.recordRendition(
            MadeRendition(
                key: key, file: "\(key).jpg",
                receipt: Receipt(
                    sha256: ContentHash.of(bytes), bytes: Int64(bytes.count), format: .jpeg,
                    size: PixelSize(width: 1000, height: 1000), bands: 3, hasAlpha: false,
                    space: "srgb", rings: [], renderer: [:])), passing: waiting.map(\.id))
    }

    /// The same, and its rendition is still to be made.
    func making(_ sku: String, _ seed: String) async throws {
        try await wanted(sku, seed)
        try await ledger.forgetBytes(of: ContentHash.of(Data("rendition of \(seed)".utf8)))
    }

    static func name(_ sku: String, _ view: String) -> String {
        view == "front" ? "\(sku).jpg" : "\(sku)-\(view).jpg"
    }

    static func bytes(_ seed: String) -> Data { Data("the bytes of \(seed)".utf8) }

    /// Nothing wants the product's picture any more.
    func drop(_ sku: String, _ view: String = "front", urgent: Bool = true) async throws {
        let record = try await ledger.skuRecord(sku)
        let row = try #require(record.state.deliveries.first { $0.asset.view == view })
        try await ledger.settle(
            record, changes: [.drop(row, because: "withdrawn", urgent: urgent)], refused: [],
            channels: ["shop"], boundary: nil)
        signals.wake(channel: "shop")
        await quiet()
    }

    // MARK: What is there then

    func row(_ sku: String) async throws -> Delivery? {
        try await ledger.skuState(sku).deliveries.first
    }

    /// State → number of deliveries.
    func states() async throws -> [String: Int] {
        try await ledger.counts(of: []).deliveries["shop"]?.filter { $0.value > 0 } ?? [:]
    }

    func paused() async throws -> String? { try await ledger.channel("shop")?.paused }

    /// The name's calls of one kind, in their order.
    func calls(_ verb: FakeRemote.Verb, _ name: String? = nil) -> Int {
        remote.calls.count { $0.verb == verb && (name == nil || $0.name?.rawValue == name) }
    }
}
