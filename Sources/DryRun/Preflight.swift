package import Foundation
import Host
package import Intake
package import Model
package import Profiles
import Rendering
import Synchronization

/// A studio's folder before it is delivered: what each file is by its name or what lies beside it,
/// whether the products know it, what comes twice, and what every channel would say to it. Writes
/// nothing into the folder. Approval is not asked: it comes later.
package struct Preflight: Sendable {
    package struct Verdict: Codable, Sendable {
        package var channel: String
        package var asset: String
        /// Of the slots that would take it; empty where none does.
        package var names: [String]
        /// Why not; empty: it would go live.
        package var gates: [Gate]
    }

    package struct File: Codable, Sendable {
        /// Below the folder.
        package var path: String
        package var assets: [Asset] = []
        /// SKUs that no product record has, and the nearest that one has.
        package var strangers: [String: String] = [:]
        /// Files with the same bytes, or for the same asset.
        package var twins: [String] = []
        /// Why it would not even be taken in.
        package var refused: String?
        package var hash: ContentHash?
        package var inspection: Inspection?
        package var verdicts: [Verdict] = []

        package var isFine: Bool {
            refused == nil && strangers.isEmpty && twins.isEmpty
                && verdicts.allSatisfy(\.gates.isEmpty)
        }

        fileprivate init(_ path: String) { self.path = path }

        /// What servers that do not tell case apart would call its renditions.
        fileprivate var foldedNames: [String] {
            verdicts.flatMap { verdict in
                verdict.names.map { "\(verdict.channel) \($0.lowercased())" }
            }
        }
    }

    package struct Report: Codable, Sendable {
        package var files: [File]
        package var notes: [String]
        package var isFine: Bool { files.allSatisfy(\.isFine) }
    }

    private let spool: SpoolSettings
    private let profiles: [Profile]
    private let products: [Product]?
    private let renderer: String
    private let scratch: String
    private let now: Date

    /// - Parameters:
    ///   - spool: with the folder as its path.
    ///   - products: nil where no records are configured.
    ///   - scratch: a directory of its own, the caller's to remove.
    package init(
        _ spool: SpoolSettings, profiles: [Profile], products: [Product]?, renderer: String,
        scratch: String, at now: Date
    ) {
        self.spool = spool
        self.profiles = profiles
        self.products = products
        self.renderer = renderer
        self.scratch = scratch
        self.now = now
    }

    /// - Parameter progress: called with files done and files in all, for each look at a file and
    ///   for each rendering.
    /// - Throws: `IntakeError` when the folder cannot be read; `WorkerFailure` when no worker starts.
    package func run(progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Report {
        let (found, notes) = try await Lane("preflight").run { () throws(any Error) in
            try list()
        }
        let count = Mutex((done: 0, all: 2 * found.count))
        let tick: @Sendable () -> Void = {
            let state = count.withLock { count in
                count.done += 1
                return count
            }
            progress(state.done, state.all)
        }
        let dryRuns = (0..<2).map { DryRun(renderer: renderer, scratch: scratch, number: $0) }
        do {
            let looked = try await eachOf(found, dryRuns) { entry, dryRun in
                defer { tick() }
                return try await look(at: entry, dryRun)
            }
            let states = states(looked)
            let judged = try await eachOf(looked, dryRuns) { entry, dryRun in
                defer { tick() }
                return try await judge(entry, states, dryRun)
            }
            for dryRun in dryRuns { await dryRun.close() }
            return Report(files: twinned(judged).map(\.file), notes: notes)
        } catch {
            for dryRun in dryRuns { await dryRun.close() }
            throw error
        }
    }

    // MARK: What there is

    /// A file on its way through.
    private struct Entry: Sendable {
        var file: File
        /// Below the spool, as the file system knows it.
        var raw: String
        var declared: Declaration?
        var master: DryRun.Master?
    }

    private func list() throws -> ([Entry], [String]) {
        var entries: [Entry] = []
        let spool = Spool(spool)
        let notes = try spool.scan { batch in
            for candidate in batch {
                var entry = Entry(
                    file: File(candidate.path), raw: candidate.raw ?? candidate.path)
                switch spool.read(candidate) {
                case .success where candidate.isManifest: continue
                case .success(let declared):
                    entry.declared = declared
                    entry.file.assets = declared.assets
                    entry.file.strangers = strangers(declared.assets)
                case .failure(let rejection):
                    // Mistakes with their places speak for themselves.
                    entry.file.refused =
                        rejection.problems.isEmpty && !rejection.transient
                        ? "\(rejection): \(rejection.advice)" : "\(rejection)"
                }
                entries.append(entry)
            }
        }
        return (entries.sorted { $0.file.path < $1.file.path }, notes.texts)
    }

    private func strangers(_ assets: [Asset]) -> [String: String] {
        guard let products else { return [:] }
        var strangers: [String: String] = [:]
        for sku in Set(assets.map(\.sku)) where !products.contains(where: { $0.sku == sku }) {
            strangers[sku] = Spelling.nearest(to: sku, among: products.map(\.sku)) ?? ""
        }
        return strangers
    }

    // MARK: A look at each

    private func look(at entry: Entry, _ dryRun: DryRun) async throws -> Entry {
        var entry = entry
        guard entry.file.refused == nil else { return entry }
        do throws(DryRun.Failure) {
            let master = try await dryRun.look(at: "\(spool.path)/\(entry.raw)")
            entry.file.hash = master.hash
            entry.file.inspection = master.inspection
            entry.master = master
        } catch {
            if case .worker(.couldNotStart) = error { throw error }
            entry.file.refused = "\(error)"
        }
        return entry
    }

    /// By SKU, as the daemon would have it once all is approved.
    private func states(_ entries: [Entry]) -> [String: SKUState] {
        var states: [String: SKUState] = [:]
        let known = Dictionary(
            (products ?? []).map { ($0.sku, $0) }, uniquingKeysWith: { first, _ in first })
        for (number, entry) in entries.enumerated() {
            for asset in entry.file.assets {
                guard let version = version(of: asset, entry, id: Int64(number + 1)) else {
                    continue
                }
                var state = states[asset.sku] ?? SKUState(sku: asset.sku, product: known[asset.sku])
                state.versions.append(version)
                state.inspections[version.master] = entry.file.inspection
                states[asset.sku] = state
            }
        }
        return states
    }

    private func version(of asset: Asset, _ entry: Entry, id: Int64) -> Version? {
        guard let declared = entry.declared, let master = entry.master else { return nil }
        var version = master.version(id, of: asset, declared: declared, zone: spool.zone)
        version.approval = Approval(by: "preflight", at: now)
        return version
    }

    // MARK: What the channels say

    private func judge(
        _ entry: Entry, _ states: [String: SKUState], _ dryRun: DryRun
    ) async throws -> Entry {
        var entry = entry
        guard entry.file.refused == nil, let master = entry.master else { return entry }
        for asset in entry.file.assets {
            guard let state = states[asset.sku],
                let version = state.versions.first(where: {
                    $0.asset == asset && $0.master == master.hash
                })
            else { continue }
            for profile in profiles {
                entry.file.verdicts.append(
                    try await verdict(profile, state, version, master, dryRun))
            }
        }
        return entry
    }

    private func verdict(
        _ profile: Profile, _ state: SKUState, _ version: Version, _ master: DryRun.Master,
        _ dryRun: DryRun
    ) async throws -> Verdict {
        let decision = profile.want(state, at: now).first { $0.asset == version.asset }
        var verdict = Verdict(
            channel: profile.channel, asset: version.asset.description, names: [],
            gates: decision?.closed ?? [])
        if verdict.gates.isUnasked {
            verdict.gates = []
            return verdict
        }
        let wanted = (decision?.wanted ?? []).filter { $0.master == version.master }
        verdict.names = wanted.map(\.name.rawValue)
        let renditions = Set(wanted.map(\.rendition)).sorted()
            .compactMap { profile.renditions[$0] }
        guard verdict.gates.isEmpty, !renditions.isEmpty else { return verdict }
        do throws(DryRun.Failure) {
            let outcomes = try await dryRun.outcomes(
                master, renditions, of: profile, version: version, at: now)
            verdict.gates = outcomes.flatMap(\.gates)
        } catch {
            if case .worker(.couldNotStart) = error { throw error }
            verdict.gates = [Gate(.source, "\(error)", turn: "studio")]
        }
        return verdict
    }

    // MARK: What comes twice

    private func twinned(_ entries: [Entry]) -> [Entry] {
        var bytes: [ContentHash: Set<String>] = [:]
        var assets: [Asset: Set<String>] = [:]
        var names: [String: Set<String>] = [:]
        for entry in entries {
            let path = entry.file.path
            if let hash = entry.file.hash { bytes[hash, default: []].insert(path) }
            for asset in entry.file.assets { assets[asset, default: []].insert(path) }
            for name in entry.file.foldedNames { names[name, default: []].insert(path) }
        }
        return entries.map { entry in
            var entry = entry
            func others(_ found: [Set<String>?]) -> Set<String> {
                var all: Set<String> = []
                for paths in found { all.formUnion(paths ?? []) }
                return all.subtracting([entry.file.path])
            }
            let same = others([entry.file.hash.flatMap { bytes[$0] }])
            let rivals = others(entry.file.assets.map { assets[$0] })
            let namesakes = others(entry.file.foldedNames.map { names[$0] }).subtracting(rivals)
            entry.file.twins =
                same.map { "the same bytes as '\($0)'" }.sorted()
                + rivals.map { "the same picture as '\($0)' by name" }.sorted()
                + namesakes.map { "the same name on a channel as '\($0)'" }.sorted()
            return entry
        }
    }

    // MARK: Two at a time

    private func eachOf(
        _ entries: [Entry], _ dryRuns: [DryRun],
        _ body: @escaping @Sendable (Entry, DryRun) async throws -> Entry
    ) async throws -> [Entry] {
        try await withThrowingTaskGroup(of: [(Int, Entry)].self) { group in
            for (number, dryRun) in dryRuns.enumerated() {
                group.addTask {
                    var done: [(Int, Entry)] = []
                    for index in stride(from: number, to: entries.count, by: dryRuns.count) {
                        done.append((index, try await body(entries[index], dryRun)))
                    }
                    return done
                }
            }
            var all = entries
            for try await part in group { for (index, entry) in part { all[index] = entry } }
            return all
        }
    }
}
