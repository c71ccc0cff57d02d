import Foundation
import Host
import Model
import Profiles
import Support
import Testing
import Wire

@testable import Bookkeeping
@testable import Export

/// Whatever becomes of deliveries, in whatever order, nobody forgets one: each that is not at rest has
/// a next time or says what it waits for, after every single step. In the end all are at rest.
@Suite struct UnattendedTests {
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func nobodyForgetsADelivery(_ seed: UInt64) async throws {
        let history = try await History(seed)
        for step in 1...60 {
            let told = try await history.step()
            let forgotten = try await history.unattended()
            #expect(forgotten == [], "seed \(seed), step \(step): \(told)")
            guard forgotten.isEmpty else { return }
        }
        #expect(try await history.end() == [], "seed \(seed)")
    }
}

/// A shop to which anything happens.
private final class History {
    private enum Step: CaseIterable {
        case arrive, arriveAgain, unapproved, withdraw, reinstate, edit, reconcile, render, carry
        case crash, letGo, release, retry, hold, elsewhere, bump, wait, damage, mend
    }

    private let shop: Shop
    private var chance: Dice
    private var seq = 0
    private var claims: [Claim] = []
    private var masters: [String] = []

    init(_ seed: UInt64) async throws {
        shop = try Shop()
        chance = Dice(seed)
        try await shop.ledger.take(
            channel: "shop", file: "shop.yaml", text: Shop.text, revision: "1",
            address: shop.profile.address, state: "live", doubt: nil)
    }

    private var ledger: Ledger { shop.ledger }

    func unattended() async throws -> [String] {
        let now = shop.now.milliseconds
        return try await ledger.read("look for the forgotten") { database in
            try database.all(String.self, Unattended.sql(at: now))
        }
    }

    /// - Returns: what happened.
    func step() async throws -> String {
        let step = Step.allCases.randomElement(using: &chance)!
        switch step {
        case .arrive, .arriveAgain, .unapproved, .withdraw, .reinstate, .damage, .mend:
            try await ofPictures(step)
        case .edit:
            let quality = Int.random(in: 600...1000, using: &chance)
            if Bool.random(using: &chance) {
                try shop.edit(("max_bytes: 1MB", "max_bytes: \(quality)KB"))
            } else {
                try shop.edit(Shop.hashed)
            }
            try await ledger.markAllDirty()
        case .reconcile: try await reconcile()
        case .render: try await render()
        case .carry: try await carry()
        // What was in hand is in nobody's hand.
        case .crash:
            claims = []
            try await ledger.keepClaims([], on: "shop")
        case .letGo:
            _ = try await ledger.letGo(channel: "shop", oldStays: 60, hasFeed: false, budget: 1)
        case .release: _ = try await ledger.release(channel: "shop", by: "anna")
        case .retry: _ = try await ledger.retry(channel: "shop", cause: nil)
        case .hold: try await ledger.hold(channel: "shop", because: "look first")
        case .elsewhere:
            try await ledger.resume(
                channel: "shop", elsewhere: Int.random(in: 0..<4, using: &chance) == 0, by: "anna")
            try await ledger.markAllDirty()
        case .bump:
            _ = try await ledger.bump(
                sku: "A1", view: nil, number: nil, variant: nil, channel: nil, by: "anna")
        case .wait: shop.step(Double.random(in: 0...4000, using: &chance))
        }
        return "\(step)"
    }

    private func ofPictures(_ step: Step) async throws {
        let view = ["front", "back", "detail"].randomElement(using: &chance)!
        switch step {
        case .arrive, .unapproved:
            seq += 1
            masters.append("m\(seq)")
            try await shop.arrives("m\(seq)", view, seq: seq) {
                if step == .unapproved { $0.approval = nil }
            }
        case .arriveAgain, .mend:
            guard let seed = masters.randomElement(using: &chance) else { return }
            seq += 1
            try await shop.arrives(seed, view, seq: seq)
        case .damage:
            guard let seed = masters.randomElement(using: &chance) else { return }
            _ = try await ledger.recordUnusable(
                Shop.master(seed), because: "it rots", untilItArrives: true)
        case .withdraw:
            _ = try await ledger.withdraw(
                sku: "A1", view: view, number: nil, channel: nil, because: "licence", by: "maria")
        default:
            _ = try await ledger.reinstate(
                sku: "A1", view: view, number: nil, channel: nil, because: "mistyped", by: "maria")
        }
    }

    private func reconcile() async throws {
        while try await ledger.advance(channel: "shop", batch: 64) {}
        let record = try await ledger.skuRecord("A1")
        let difference = Difference(record: record, profile: shop.profile, now: shop.now)
        // Something may move between the look and what comes of it.
        if Int.random(in: 0..<3, using: &chance) == 0 { try await carry() }
        try await ledger.settle(
            record, changes: difference.changes, refused: difference.refused, channels: ["shop"],
            boundary: nil)
    }

    private func render() async throws {
        for item in try await ledger.rendersWaiting(limit: 2).flatMap(\.items) {
            switch Int.random(in: 0..<6, using: &chance) {
            case 0: try await ledger.recordRefusal(Refusal(.crashed, "it died"), of: item.key)
            case 1:
                try await ledger.countAttempt(rendering: [item.key])
                try await ledger.postponeRender(
                    of: [item.key], until: shop.now.addingTimeInterval(60))
            default:
                try await make(item.key, bytes: Int64.random(in: 90_000...990_000, using: &chance))
            }
        }
    }

    private func make(_ key: ContentHash, bytes: Int64) async throws {
        let waiting = try await ledger.waiting(for: key)
        let receipt = Receipt(
            sha256: ContentHash.of(Data("\(key)".utf8)), bytes: bytes, format: .jpeg,
            size: PixelSize(width: 1000, height: 1000), bands: 3, hasAlpha: false, space: "srgb",
            rings: [], renderer: [:])
        // Some profiles will not have it.
        let passing = waiting.map(\.id).filter { _ in Bool.random(using: &chance) }
        try await ledger.recordRendition(
            MadeRendition(key: key, file: "\(key).jpg", receipt: receipt), passing: passing)
    }

    /// Claims, and comes to an end with some of what is in hand.
    private func carry() async throws {
        claims += try await ledger.claim(
            channel: "shop", limit: 2, replacements: Int.random(in: 0...1, using: &chance),
            sends: nil, turn: seq, delay: { Double(5 << min($0, 12)) }
        ).claims
        claims.shuffle(using: &chance)
        for _ in 0..<Int.random(in: 0...2, using: &chance) {
            guard let claim = claims.popLast() else { return }
            try await end(claim)
        }
    }

    private func end(_ claim: Claim) async throws {
        let (delivery, now) = (claim.delivery, shop.now)
        switch Int.random(in: 0..<9, using: &chance) {
        case 0:
            try await ledger.recordFailure(
                delivery, error: "busy", next: now.addingTimeInterval(300))
        case 1: try await ledger.recordFailure(delivery, error: "never", next: nil)
        case 2: try await ledger.unclaim(delivery, tried: Bool.random(using: &chance))
        case 3 where delivery.state == .send:
            try await ledger.forgetBytes(of: delivery.key, inHand: delivery)
        case 4 where delivery.state == .send:
            try await ledger.recordProcessing(
                delivery, object: nil, since: now, next: now.addingTimeInterval(600))
        case 5 where delivery.processingSince != nil: try await ledger.endProcessing(delivery)
        // The ledger was not told how it ended.
        case 6: break
        case _ where delivery.state == .remove: try await ledger.recordAbsence(delivery)
        default: try await ledger.confirm(claim, by: .hash)
        }
    }

    /// Nothing fails any more, and time goes on.
    /// - Returns: what is not at rest then.
    func end() async throws -> [String] {
        try await ledger.resume(channel: "shop", elsewhere: false, by: "anna")
        _ = try await ledger.retry(channel: "shop", cause: nil)
        for _ in 1...100 {
            try await ledger.keepClaims([], on: "shop")
            while try await ledger.advance(channel: "shop", batch: 64) {}
            try await shop.work()
            _ = try await ledger.letGo(channel: "shop", oldStays: 60, hasFeed: false, budget: 99)
            if try await rest().isEmpty { break }
            shop.step(600)
        }
        return try await rest()
    }

    private func rest() async throws -> [String] {
        try await ledger.read("look for what is not at rest") { database in
            try database.all(
                String.self, "SELECT state || ' ' || name FROM delivery WHERE state <> 'live'")
        }
    }
}

extension Ledger {
    /// A profile that changes has every SKU looked at again.
    fileprivate func markAllDirty() async throws {
        try await write("test") { database in try Self.markDirty("A1", in: database) }
    }
}
