import Foundation
import Host
import Logging
import Model
import Profiles
import Testing
import Transports
import TransportsSupport

@testable import Bookkeeping
@testable import Export

/// A shop whose channel is a fake, and its courier, who carries what he claims, a turn at a time.
final class CourierShop: Sendable {
    let shop: Shop
    let remote: FakeRemote
    let courier: Courier
    private let profile: Profile

    init() async throws {
        shop = try Shop()
        let fake = FakeReader()
        remote = fake.remote("shop")
        var vocabulary = Shop.vocabulary
        vocabulary.transports = TransportRegistry([fake])
        let text = Shop.text.replacing("file:///srv/shop/", with: "fake://shop/")
        profile = try Loader.load(text: text, file: "shop.yaml", vocabulary: vocabulary).get()
        let ledger = shop.ledger
        try await ledger.take(
            channel: "shop", file: "shop.yaml", text: text, revision: "1",
            address: profile.address, state: "live", doubt: nil)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let active = ActiveProfiles()
        active.put(profile)
        courier = Courier(
            channel: "shop",
            context: Courier.DeliveryContext(
                ledger: ledger, store: Store(state: shop.directory), active: active,
                signals: WakeSignals(clock: ledger.clock),
                connections: Connections(
                    means: TransportMeans(
                        credentials: Credentials(directory: shop.directory, systemd: nil))),
                heartbeat: Heartbeat(clock: ledger.clock),
                standstills: Standstills(logger: logger, clock: ledger.clock), logger: logger))
        try Files.makeDirectory(shop.directory + "/renditions")
    }

    /// Reconciles and renders; what is to be sent lies in the store.
    func reconcile() async throws {
        try await shop.work(sending: false)
        for row in try await shop.rows() {
            let path = "\(shop.directory)/renditions/\(row.key).jpg"
            try Data("\(row.key)".utf8).write(to: URL(fileURLWithPath: path))
        }
    }

    /// Carries all that is due.
    /// - Returns: how much that was.
    @discardableResult
    func turn() async throws -> Int {
        let claims = try await shop.ledger.claim(
            channel: "shop", limit: 100, replacements: .max, sends: nil,
            delay: Backoff.delay(attempts:)
        ).claims
        let destination = try #require(profile.destination)
        let place = Courier.Place(
            address: destination.address,
            transport: try await courier.context.connections.transport("shop", destination))
        for claim in claims { try await courier.carry(claim, at: courier.clock.now(), to: place) }
        return claims.count
    }

    /// Goes on to the moment at which something is due, and carries it.
    func nextTurn() async throws {
        let due = try await shop.rows().map(\.nextTry).max() ?? shop.now
        shop.step(max(due.timeIntervalSince(shop.now), 0))
        try await turn()
    }

    func row() async throws -> Delivery { try #require(try await shop.rows().first) }

    func calls(_ verb: FakeRemote.Verb) -> [FakeRemote.Call] {
        remote.calls.filter { $0.verb == verb }
    }
}
