import Foundation
import GRDB
import Host
import Model
import Support
import Testing

/// Whatever people, servers and power cuts do, in any order: in the end every channel has exactly
/// the newest picture of each asset that nobody withdrew. `SLUICE_SEED` tells a story again.
@Suite(.serialized, .timeLimit(.minutes(5))) struct AnyStory {
    @Test func endsAsItShould() async throws {
        let text = ProcessInfo.processInfo.environment["SLUICE_SEED"] ?? ""
        let seed = UInt64(text) ?? UInt64.random(in: 1...999_999)
        print("SLUICE_SEED=\(seed)")
        try await Servers.with { servers in
            for round in 0..<3 {
                let site = try Site(servers)
                var teller = Teller(site, Chance(seed + UInt64(round)))
                try await site.live { _ in
                    try await teller.tell(steps: 25)
                    #expect(try teller.differences() == [], "SLUICE_SEED=\(seed), \(round)")
                    try await Oracle(site).check("SLUICE_SEED=\(seed), round \(round)")
                }
            }
        }
    }
}

/// Makes things happen, and remembers in the simplest way what must come of them.
private struct Teller {
    private struct Made {
        var source: Source
        var master: String
        var withdrawn = false
    }

    private let site: Site
    private var chance: Chance
    private var made: [Made] = []
    private var seq = 0

    init(_ site: Site, _ chance: Chance) {
        (self.site, self.chance) = (site, chance)
    }

    mutating func tell(steps: Int) async throws {
        try site.start()
        for _ in 0..<steps { try await step() }
        try answer(true)
        if !site.isRunning { try site.start() }
        try await site.ready()
        try await site.sluice("reload")
        for channel in Channel.allCases {
            try await site.sluice("retry", "--channel", "\(channel)")
        }
        try await site.settle()
    }

    private mutating func step() async throws {
        switch Int.random(in: 0..<10, using: &chance) {
        case 0...3: try drop()
        case 4: try again()
        case 5: try await withdraw()
        case 6: await site.kill()
        case 7: await site.stop()
        case 8: try answer(Bool.random(using: &chance))
        default: site.servers.sftp.cutConnections()
        }
        if !site.isRunning, Bool.random(using: &chance) { try site.start() }
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...250, using: &chance)))
    }

    /// A new picture, of a new asset or in place of an older one.
    private mutating func drop() throws {
        seq += 1
        let sku = ["A1", "A2", "A3"].randomElement(using: &chance) ?? "A1"
        let view = ["front", "back"].randomElement(using: &chance) ?? "front"
        let source = Source(sku: sku, view: view, seed: seq, seq: seq)
        try site.drop(source)
        let path = site.home.path("spool/\(source.name)")
        made.append(Made(source: source, master: try Files.digest(path: path).sha256.rawValue))
    }

    /// Known bytes under another name.
    private mutating func again() throws {
        guard var source = made.randomElement(using: &chance)?.source else { return }
        source.file = "again-\(Int.random(in: 0...999, using: &chance)).png"
        try site.drop(source)
    }

    /// Ends what the daemon has seen of a product.
    private mutating func withdraw() async throws {
        guard let sku = made.randomElement(using: &chance)?.source.sku else { return }
        if !site.isRunning { try site.start() }
        try await site.ready()
        try await site.wait(for: "everything in the ledger") { try site.unseen().isEmpty }
        let order = try await site.sluice("withdraw", sku, "--because", "the story wants it")
        guard order.status == 0 else { throw Failed("withdraw: \(order.output)") }
        for index in made.indices where made[index].source.sku == sku {
            made[index].withdrawn = true
        }
    }

    private func answer(_ works: Bool) throws {
        let path = site.servers.http.root + "/down"
        if works { unlink(path) } else { try Data().write(to: URL(fileURLWithPath: path)) }
    }

    /// Assets of which some channel has another picture than it should.
    func differences() throws -> [String] {
        var wanted: [String: String] = [:]
        for each in made.sorted(by: { $0.source.seq ?? 0 < $1.source.seq ?? 0 })
        where !each.withdrawn {
            wanted["\(each.source.sku) \(each.source.view)"] = each.master
        }
        return try Channel.allCases.flatMap { channel -> [String] in
            let rows = try site.books.rows(
                """
                SELECT delivery.sku || ' ' || delivery.view AS asset, version.master AS master
                FROM delivery JOIN version ON version.id = held_version
                WHERE channel = ? AND state = 'live'
                """, [channel.rawValue])
            let pairs = rows.map { ($0["asset"] as String, $0["master"] as String) }
            let has = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
            return Set(wanted.keys).union(has.keys).filter { wanted[$0] != has[$0] }
                .map { "\(channel): \($0)" }
        }
    }
}
