import Bookkeeping
import Feeds
import Foundation
import Host
import Model
import Profiles
import Testing

@testable import Export
@testable import sluice

/// Whoever asks whether a picture may be used gets one answer: every way to be licensed, on every
/// channel, at every moment.
@Suite struct OneVerdictTests {
    /// A picture, where it is to be used, and when.
    private struct Scene {
        var name: String
        var profile: Profile
        var now: Date
        var record: SKURecord

        var comment: Comment { "\(name) on '\(profile.channel)' at \(now)" }
        var row: Delivery {
            get throws { try #require(record.state.deliveries(on: profile.channel).first) }
        }
        /// What is there, by how it was made.
        func licence(at now: Date) throws -> Licence {
            try #require(
                profile.licence(
                    of: row.version, as: row.heldKey, in: record.state, at: now))
        }
        /// As though none of it were anywhere.
        var fresh: SKUState {
            var state = record.state
            (state.deliveries, state.receipts) = ([], [:])
            return state
        }
        /// An edition that is made then names it.
        func isNamed(at moment: Date) throws -> Bool {
            let stands = try #require(profile.feed).atLeastEvery
            return try licence(at: moment).lasts(until: moment + stands)
        }
    }

    @Test func everybodyGivesTheSameAnswer() async throws {
        let pictures = try await LicensedPictures()
        defer { pictures.remove() }
        var records: [SKURecord] = []
        for number in LicensedPictures.ways.indices {
            records.append(try await pictures.ledger.skuRecord("S\(number)"))
        }
        var (scenes, open) = (0, 0)
        for profile in pictures.profiles {
            for now in LicensedPictures.moments {
                let named = try await named(profile, pictures.ledger, at: now)
                for (way, record) in zip(LicensedPictures.ways, records) {
                    let scene = Scene(name: way.name, profile: profile, now: now, record: record)
                    try wantAgrees(scene)
                    try differenceAgrees(scene)
                    #expect(
                        try named.contains(record.state.sku) == scene.isNamed(at: now),
                        scene.comment)
                    try boundariesAgree(scene)
                    try checkAgrees(scene)
                    scenes += 1
                    if try scene.licence(at: now).objections.isEmpty { open += 1 }
                }
            }
        }
        // All kinds of answers were given.
        #expect(scenes > 1000)
        #expect(open > scenes / 10 && open < scenes * 9 / 10, "\(open) of \(scenes)")
    }

    /// The products that an edition would hold.
    private func named(
        _ profile: Profile, _ ledger: Ledger, at now: Date
    ) async throws -> Set<String> {
        let feed = try #require(profile.feed)
        return try await Lane("feed").run { () throws(any Error) in
            var items = LiveItems(profile: profile, feed: feed, ledger: ledger, now: now)
            var named: Set<String> = []
            while let item = try items.next() { named.insert(item.sku) }
            return named
        }
    }

    /// What is wanted where nothing is yet: what may be used, and for every other all that is against
    /// it.
    private func wantAgrees(_ scene: Scene) throws {
        let decision = try #require(scene.profile.want(scene.fresh, at: scene.now).first)
        let newest = try #require(decision.newest.flatMap(scene.record.state.version))
        let rendition = try #require(scene.profile.renditions["hero"])
        let licence = scene.profile.licence(of: newest, as: rendition, at: scene.now)
        #expect(decision.wanted.isEmpty == !licence.objections.isEmpty, scene.comment)
        #expect(Set(decision.closed) == Set(licence.gates), scene.comment)
        // What is there was made in the same way, so the same is against it.
        let held = try scene.licence(at: scene.now)
        #expect(held.objections.map(\.ground) == licence.objections.map(\.ground), scene.comment)
    }

    private func differenceAgrees(_ scene: Scene) throws {
        let difference = Difference(
            record: scene.record, profile: scene.profile, now: scene.now)
        let urgent: [String] = difference.changes.compactMap { change in
            guard case .drop(_, let because, urgent: true) = change else { return nil }
            return because
        }
        let loss = try scene.licence(at: scene.now).loss?.message
        #expect(urgent == [loss].compactMap(\.self), scene.comment)
    }

    /// Nothing changes between two of them, and nothing after the last.
    private func boundariesAgree(_ scene: Scene) throws {
        let (profile, state) = (scene.profile, scene.record.state)
        let next = [
            profile.boundary(state, after: scene.now),
            profile.feedBoundary(state, after: scene.now),
        ].compactMap(\.self).min()
        let last = next.map { $0 - 0.5 } ?? scene.now + 4000 * LicensedPictures.day
        #expect(
            try scene.licence(at: last).objections == scene.licence(at: scene.now).objections,
            scene.comment)
        #expect(try scene.isNamed(at: last) == scene.isNamed(at: scene.now), scene.comment)
    }

    /// `check`, `preflight` and `proof` say of a picture what would keep it off, and whether
    /// anything restricts its use at all.
    private func checkAgrees(_ scene: Scene) throws {
        let decision = try #require(scene.profile.want(scene.fresh, at: scene.now).first)
        #expect(
            scene.profile.obstacles(to: decision.asset, in: scene.fresh, at: scene.now)
                == decision.closed, scene.comment)
        let version = try #require(decision.newest.flatMap(scene.record.state.version))
        let licence = scene.profile.licence(of: version, at: scene.now)
        let examined = Examination.Licence(version, zone: scene.profile.zone, at: scene.now)
        switch examined.state {
        case .ended: #expect(licence.has(.ended), scene.comment)
        case .notYet: #expect(licence.has(.notYet), scene.comment)
        case .unclear: #expect(licence.has(.unclear), scene.comment)
        case .open:
            #expect(!licence.has(.ended) && !licence.has(.notYet), scene.comment)
            #expect(!licence.has(.unclear), scene.comment)
        }
    }
}
