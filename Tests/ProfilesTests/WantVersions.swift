import Foundation
import Model
import Profiles
import Testing

/// Which version of an asset is wanted.
@Suite struct WantVersions {
    private func front(_ state: SKUState, _ profile: Profile, at now: Date = Shop.now) throws
        -> Decision
    {
        try #require(profile.want(state, at: now).first { $0.asset.view == "front" })
    }

    @Test func theNewestApprovedInAnyOrder() throws {
        let profile = try Shop.profile()
        let versions = (1...4).map { Shop.version($0) }
        for order in [
            versions, versions.reversed(), [versions[2], versions[0], versions[3], versions[1]],
        ] {
            var state = Shop.state()
            state.versions = order
            for version in order { state.inspections[version.master] = Shop.inspection() }
            let decision = try front(state, profile)
            #expect(decision.versions == [4])
            #expect(decision.closed.isEmpty)
        }
    }

    /// What does not count yet leaves the place to the older one, held or not.
    @Test(arguments: ["pending", "faulty", "withdrawn", "early"])
    func whatDoesNotCountYields(what: String) throws {
        var newer = Shop.version(2)
        switch what {
        case "pending": newer.approval = nil
        case "faulty": newer.approvalFault = .lapsed("approval lapsed")
        case "withdrawn": newer.withdrawn = Withdrawal(at: Shop.now, because: "wrong colour")
        default: newer.rights.from = Shop.now + 1
        }
        let decision = try front(Shop.state(Shop.version(1), newer), Shop.profile())
        #expect(decision.versions == [1])
        // Without an approval it is the oldest in the order, and not what stands in the way.
        let expected: [Gate.Kind] =
            ["pending": [], "early": [.rights], "withdrawn": [.withdrawn]][what] ?? [.approval]
        #expect(decision.kinds == expected)
    }

    /// A version that is closed has taken the place: the older one stays where it is, and is not
    /// put anywhere anew.
    @Test func whatIsClosedKeepsItsPlace() throws {
        let profile = try Shop.profile()
        var state = Shop.state(Shop.version(1), Shop.version(2))
        state.inspections[Shop.master(2)] = Shop.inspection(300, 300)
        #expect(try front(state, profile).versions == [])
        #expect(try front(state, profile).kinds == [.source, .compliance])
        state.deliveries = [Shop.live(Shop.version(1))]
        #expect(try front(state, profile).versions == [1])
        #expect(try front(state, profile).kinds == [.source, .compliance])
        let atOnce = try Shop.profile(("state: live", "state: live\nsupersede: at-once"))
        #expect(try front(state, atOnce).versions == [])
    }

    /// Held, superseded by one that was never sent, superseded by one that fails: still held.
    @Test func theHeldOneIsFoundBehindOthers() throws {
        var state = Shop.state(Shop.version(1), Shop.version(2), Shop.version(3), held: [1])
        state.inspections[Shop.master(3)] = Shop.inspection(300, 300)
        #expect(try front(state, Shop.profile()).versions == [1])
    }

    @Test func theNewestIsWantedBeforeItIsRendered() throws {
        let profile = try Shop.profile()
        var state = Shop.state(Shop.version(1), Shop.version(2), held: [1])
        #expect(try front(state, profile).wanted.map(\.passed) == [false])
        #expect(try front(state, profile).versions == [2])
        state.receipts[try Shop.key(profile, 2)] = Shop.receipt()
        #expect(try front(state, profile).wanted.map(\.passed) == [true])
        // It was rendered and does not pass: the one that is out there stays.
        state.receipts[try Shop.key(profile, 2)] = Shop.receipt(worst: 3)
        #expect(try front(state, profile).versions == [1])
        #expect(try front(state, profile).kinds == [.compliance])
    }

    @Test func refusalsCloseExceptForResources() throws {
        let profile = try Shop.profile()
        let key = try Shop.key(profile, 1)
        let cases: [(Refusal.Code, [Gate.Kind])] = [
            (.unreadable, [.source]), (.tooHeavy, [.compliance]), (.crashed, [.compliance]),
            (.resources, []),
        ]
        for (code, kinds) in cases {
            var state = Shop.state(Shop.version(1))
            state.refusals[key] = Refusal(code, "why")
            #expect(try front(state, profile).kinds == kinds)
            #expect(try front(state, profile).wanted.isEmpty == (code != .resources))
        }
    }

    @Test func rightsOpenAndClose() throws {
        let profile = try Shop.profile()
        let from = Shop.date("2026-03-10")
        let until = Shop.date("2026-03-20")
        var version = Shop.version(1)
        version.rights = Rights(from: from, until: until)
        let state = Shop.state(version, held: [1])
        for (moment, open) in [(from - 1, false), (from, true), (until - 1, true), (until, false)] {
            let decision = try front(state, profile, at: moment)
            #expect(decision.versions == (open ? [1] : []))
            #expect(decision.kinds == (open ? [] : [.rights]))
        }
        #expect(profile.boundary(state, after: Shop.now) == from)
        #expect(profile.boundary(state, after: from) == until)
        // 2026-06-01 in Berlin, where the next rule begins.
        #expect(
            profile.boundary(state, after: until)
                == (try Date("2026-05-31T22:00:00Z", strategy: .iso8601)))
        let rulesOver = Shop.date("2027-01-01")
        #expect(profile.boundary(state, after: rulesOver) == nil)
    }

    /// Between two boundaries nothing changes, whatever the state.
    @Test func nothingChangesBetweenBoundaries() throws {
        let profile = try Shop.profile()
        var random = Seeded(3)
        for _ in 0..<200 {
            let state = Shop.randomState(&random)
            var moment = Shop.date("2026-01-01")
            while let next = profile.boundary(state, after: moment), next < Shop.date("2027-06-01")
            {
                let before = profile.want(state, at: moment)
                #expect((profile.want(state, at: next - 0.5) == before) as Bool, "\(moment)")
                moment = next
            }
            #expect(
                (profile.want(state, at: moment)
                    == profile.want(state, at: Shop.date("2030-01-01"))) as Bool)
        }
    }

    /// On random states: what must never be wanted is not, one version per slot and asset, no two
    /// with one name, and the order of the state does not matter.
    @Test func neverWantsWhatMustNotGo() throws {
        let profile = try Shop.profile()
        var random = Seeded(11)
        for _ in 0..<500 {
            var state = Shop.randomState(&random)
            let decisions = profile.want(state, at: Shop.now)
            let wanted = decisions.flatMap(\.wanted)
            for one in wanted {
                let version = try #require(state.versions.first { $0.id == one.version })
                #expect(version.approval != nil && version.withdrawn == nil)
                #expect(version.rights.from.map { $0 <= Shop.now } ?? true)
                #expect(version.rights.until.map { Shop.now < $0 } ?? true)
                #expect(version.audience == "public")
            }
            #expect(Set(wanted.map(\.name.folded)).count == wanted.count)
            #expect(Set(wanted.map { "\($0.slot) \($0.asset)" }).count == wanted.count)
            #expect(wanted.filter { $0.slot == "more" }.count <= 2)
            for decision in decisions where decision.wanted.isEmpty {
                #expect(!decision.closed.isEmpty)
            }
            state.versions.shuffle(using: &random)
            #expect(profile.want(state, at: Shop.now) == decisions)
        }
    }
}

extension Shop {
    static func randomState(_ random: inout Seeded) -> SKUState {
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        func day() -> Date { now + 86_400 * Double(Int.random(in: -60...300, using: &random)) }
        var state = Shop.state()
        for id in 1...Int64.random(in: 1...9, using: &random) {
            let views = ["front", "back", "detail", "lifestyle"]
            let view = views[Int.random(in: 0..<views.count, using: &random)]
            var version = version(id, view, number: Int.random(in: 1...2, using: &random))
            if chance(20) { version.approval = nil }
            if chance(10) { version.withdrawn = Withdrawal(at: now, because: "x") }
            if chance(10) { version.audience = "internal" }
            if chance(30) { version.rights.from = day() }
            if chance(30) { version.rights.until = day() }
            if chance(20) { version.rights.markets = ["EU"] }
            if chance(30) { state.deliveries.append(live(version)) }
            state.versions.append(version)
            if chance(90) {
                let side = [300, 550, 700, 2000][Int.random(in: 0..<4, using: &random)]
                state.inspections[version.master] = inspection(side, side)
            }
        }
        return state
    }
}

struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
