import Foundation
import Logging
import Model
import Testing

@testable import Bookkeeping
@testable import Export

@Suite struct ReconcilerTests {
    /// Bounded: a SKU that were tried for ever would never let it come to rest.
    private func settle(_ reconciler: Reconciler) async throws {
        for _ in 1...20 where try await reconciler.turn() != nil { return }
        Issue.record("the work does not come to an end")
    }

    @Test func oneDamagedSKUIsInNobodysWay() async throws {
        let shop = try Shop()
        let active = ActiveProfiles()
        active.put(shop.profile)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let reconciler = Reconciler(
            ledger: shop.ledger, active: active, signals: WakeSignals(), heartbeat: Heartbeat(),
            standstills: Standstills(logger: logger), logger: logger)
        for sku in ["A0", "A1", "A2"] {
            try await shop.arrives(sku) { $0.assets = [Asset(sku: sku, view: "front")] }
        }
        try await shop.alter("UPDATE version SET rights = '{' WHERE sku = 'A1'")
        try await settle(reconciler)
        let aside = try await shop.ledger.aside(limit: 9)
        #expect(aside.first.map(\.sku) == ["A1"])
        #expect(aside.first[0].reason.contains("stored JSON is damaged"))
        for sku in ["A0", "A2"] {
            #expect(try await shop.ledger.skuState(sku).deliveries.map(\.state) == [.render])
        }
        try await shop.alter(
            "UPDATE version SET rights = (SELECT rights FROM version WHERE sku = 'A0')")
        try await shop.ledger.lookAgainAtWhatIsAside()
        try await settle(reconciler)
        #expect(try await shop.ledger.aside(limit: 9).all == 0)
        #expect(try await shop.ledger.skuState("A1").deliveries.map(\.state) == [.render])
    }
}

extension Shop {
    func alter(_ sql: String) async throws {
        try await ledger.write("test") { try $0.run(sql) }
    }
}
