import Bookkeeping
import Foundation
import Host
import Model
import Support
import Testing
import TransportsSupport

@testable import Export

/// Whatever becomes of products and pictures, in whatever order: a feed never names a picture that is
/// not on its channel, and in the end it is what the simplest account of it says.
@Suite(.timeLimit(.minutes(5))) struct FeedStoryTests {
    @Test(arguments: 2...4 as ClosedRange<UInt64>)
    func endsAsItShould(_ seed: UInt64) async throws {
        try await Stall.open(
            FeedStory.slots, FeedStory.limits, FeedStory.feed,
            ("sessions: 4", "sessions: 4, patrol: never")
        ) { stall in
            var story = FeedStory(stall, seed)
            for step in 1...120 {
                let told = try await story.step()
                let unproven = story.unproven()
                #expect(unproven == [], "seed \(seed), step \(step): \(told)")
                guard unproven.isEmpty else { return }
            }
            try await story.end()
            let moment = try #require(
                try await stall.ledger.editions(channel: "shop").last { $0.state == .confirmed })
            #expect(story.published == story.meant(at: moment.madeAt), "seed \(seed)")
            let omissions = try await stall.ledger.omissions(channel: "shop", limit: 1000)
            #expect(
                Set(omissions.map(\.sku)) == story.leftOut(at: moment.madeAt), "seed \(seed)")
            #expect(story.published.count > 2 && omissions.count > 2, "it would say little")
            #expect(omissions.allSatisfy { !$0.reason.isEmpty && !$0.gate.turn.isEmpty })
            let counted = try await stall.ledger.counts(of: ["shop"]).omissions["shop"]
            #expect(counted?.values.reduce(0, +) ?? 0 == omissions.count)
        }
    }
}

/// A shop to which anything happens, and what must come of it.
private struct FeedStory {
    static let slots = (
        "renditions:",
        """
          more: {view: back, rendition: hero, name: "{sku}-back.{ext}"}
        renditions:
        """
    )
    static let limits = (
        "state: live",
        "state: live\nlimits: {withdraw: 100%, replace: 100%, at_least: 9999, per: 1d}"
    )
    /// Of a format that is soon made, for there are many editions.
    static let feed = (
        "deliver:",
        """
        feed:
          format: image-sitemap
          file: products.xml
          to: "fake://feed/"
          image_base: "https://img.example.com/"
          base: "https://shop.example.com/"
          items:
            id: "{sku}"
            loc: "https://shop.example.com/{sku}?{product.title}"
            image: slot:main
            images?: slot:more
          publish: {quiet: 10m, at_least_every: 24h}
          drop: 100%
        deliver:
        """
    )

    private enum Step: CaseIterable {
        case sell, sell2, picture, picture2, picture3, withdraw, supersede, edit, edit2, forget
        case lose, change, retry, trouble, feedTrouble, restart, wait, wait2
    }

    /// What is wanted under a name. Which of its pictures is there, the channel knows.
    private struct Name {
        /// Bytes → the end of the right to them.
        var rights: [Data: Date?] = [:]
        var isWanted = true
        /// One of its pictures was there, and nobody has taken it away since on our behalf.
        var isHeld = false
    }

    private let stall: Stall
    private var chance: Dice
    private var number = 0
    /// SKU → title; none: nothing is known of the product.
    private var titles: [String: String] = [:]
    private var names: [String: Name] = [:]
    /// The feed before the step.
    private var last = ""

    init(_ stall: Stall, _ seed: UInt64) {
        (self.stall, chance) = (stall, Dice(seed))
    }

    // MARK: What happens

    /// - Returns: what it was.
    mutating func step() async throws -> String {
        last = text
        let step = Step.allCases.drawn(&chance)
        switch step {
        case .sell, .sell2, .edit, .edit2, .forget: try await ofProducts(step)
        case .picture, .picture2, .picture3, .withdraw, .supersede, .lose, .change:
            try await ofPictures(step)
        case .retry:
            _ = try await stall.ledger.retry(channel: "shop", cause: nil)
            stall.signals.wake(channel: "shop")
            await stall.quiet()
        case .trouble:
            let acts: [FakeRemote.Act] = [.loseAnswer, .fail(.retry(after: nil)), .garble]
            stall.remote.next(.put, acts.drawn(&chance))
        case .feedTrouble:
            let acts: [FakeRemote.Act] = [.loseAnswer, .fail(.retry(after: nil)), .lie]
            stall.feed.next(.put, acts.drawn(&chance))
        case .restart:
            try await stall.stop()
            await stall.start()
        case .wait, .wait2: await stall.pass(Double.random(in: 0...3000, using: &chance))
        }
        noteHeld()
        return "\(step)"
    }

    private mutating func noteHeld() {
        for name in names.keys where names[name]?.isWanted == true && there(name) != nil {
            names[name]?.isHeld = true
        }
    }

    private mutating func ofProducts(_ step: Step) async throws {
        switch step {
        case .sell, .sell2:
            number += 1
            try await title("S\(number)")
            try await picture("S\(number)", "front")
        case .edit, .edit2: try await title(titles.keys.sorted().randomElement(using: &chance))
        default:
            guard let sku = titles.keys.sorted().randomElement(using: &chance) else { return }
            titles[sku] = nil
            try await Lane("products").run { [ledger = stall.ledger] () throws(LedgerError) in
                try ledger.removeProducts([sku])
            }
            try await stall.settle([sku])
        }
    }

    /// A good one, none, or one that no format takes.
    private mutating func title(_ sku: String?) async throws {
        guard let sku else { return }
        let long = String(repeating: "long", count: 600)
        let title = ["mug", "cup", "pan", "pot", "", long].drawn(&chance)
        titles[sku] = title
        try await stall.record([sku], title: title)
    }

    private mutating func ofPictures(_ step: Step) async throws {
        guard number > 0 else { return }
        let (sku, view) = (
            "S\(Int.random(in: 1...number, using: &chance))", ["front", "back"].drawn(&chance)
        )
        let name = Stall.name(sku, view)
        switch step {
        case .picture, .picture2, .picture3: try await picture(sku, view)
        case _ where names[name]?.isWanted != true: break
        case .withdraw, .supersede:
            names[name]?.isWanted = false
            names[name]?.isHeld = false
            try await stall.drop(sku, view, urgent: step == .withdraw)
        default:
            guard
                let row = try await stall.ledger.skuState(sku).deliveries
                    .first(where: { $0.name.rawValue == name && $0.state == .live })
            else { return }
            if Bool.random(using: &chance) {
                stall.remote.next(.put, .fail(.fixInput, "it is not taken any more"))
            }
            stall.remote.set("/" + name, step == .lose ? nil : Data("theirs".utf8))
            try await stall.ledger.recordDrift(
                step == .lose ? .lost : .changed, of: row, because: "somebody was there")
            stall.signals.wake(channel: "shop")
            await stall.quiet()
        }
    }

    private mutating func picture(_ sku: String, _ view: String) async throws {
        let name = Stall.name(sku, view)
        let seed = "\(name) \(names[name]?.rights.count ?? 0)"
        // Some end in between, and some go on to the end of the story.
        let hours: Double? = [nil, nil, nil, 30, 100, 1000].drawn(&chance)
        let until = hours.map { stall.clock.now.addingTimeInterval($0 * 3600) }
        if Int.random(in: 0..<9, using: &chance) == 0 {
            stall.remote.next(.put, .fail(.fixInput, "too pale"))
        }
        let isThere = names[name] != nil
        names[name, default: Name()].rights[Stall.bytes(seed)] = .some(until)
        names[name]?.isWanted = true
        try await stall.wanted(sku, seed, view, until: until, replaces: isThere)
        stall.signals.wake(channel: "shop")
        await stall.quiet()
    }

    /// Nothing fails any more, and everything comes to rest.
    mutating func end() async throws {
        await stall.pass(90_000)
        try await stall.record(titles.keys.sorted().suffix(1), title: "last")
        if let sku = titles.keys.sorted().last { titles[sku] = "last" }
        await stall.pass(10_000)
        noteHeld()
    }

    // MARK: What must be

    /// Of an edition that has just come out: what it names and is not there.
    func unproven() -> [String] {
        guard text != last else { return [] }
        return published.values.flatMap(\.self).filter { there($0) == nil }
    }

    /// The end of the right to the picture that is under a name; nil: none of ours is.
    private func there(_ name: String) -> Date?? {
        guard let data = stall.remote.files["/" + name] else { return nil }
        return names[name]?.rights[data]
    }

    private var text: String {
        String(decoding: stall.feed.files["/products-1.xml"] ?? Data(), as: UTF8.self)
    }

    /// SKU → the pictures its item names.
    var published: [String: [String]] {
        text.components(separatedBy: "<url>").dropFirst().reduce(into: [:]) { items, item in
            func all(_ start: String, to end: Character) -> [String] {
                item.components(separatedBy: start).dropFirst().map { rest in
                    String(rest.prefix { $0 != end })
                }
            }
            items[all("https://shop.example.com/", to: "?").first ?? "?"] =
                all("https://img.example.com/", to: "<")
        }
    }

    func meant(at moment: Date) -> [String: [String]] {
        // An edition may stand for a day.
        let end = moment.addingTimeInterval(86_400)
        var items: [String: [String]] = [:]
        for (sku, title) in titles where !title.isEmpty && title.count < 2000 {
            let pictures = ["front", "back"].map { Stall.name(sku, $0) }.filter { name in
                guard names[name]?.isWanted == true, let until = there(name) else { return false }
                return until.map { $0 >= end } ?? true
            }
            if pictures.first == Stall.name(sku, "front") { items[sku] = pictures }
        }
        return items
    }

    /// What has a picture on the channel, and no item.
    func leftOut(at moment: Date) -> Set<String> {
        let live = names.filter { $0.value.isWanted && $0.value.isHeld }.keys
            .map { name in String(name.prefix { $0 != "." && $0 != "-" }) }
        return Set(live).subtracting(meant(at: moment).keys)
    }
}

extension Array {
    fileprivate func drawn(_ chance: inout Dice) -> Element { randomElement(using: &chance)! }
}
