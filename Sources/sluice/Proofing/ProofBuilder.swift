internal import DryRun
internal import Export
internal import Foundation
import Host
internal import Intake
internal import Model
internal import Profiles
internal import Proof
internal import Rendering

/// Renders what a proof sheet shows, by the daemon's own workers, and puts the values together.
struct ProofBuilder {
    private let selection: ProfileSelection
    private let input: ProofInput
    private let dryRun: DryRun
    private let scratch: String
    private let now = WallClock.system.now()

    init(_ options: Options, selection: ProfileSelection, input: ProofInput) throws(Failure) {
        self.selection = selection
        self.input = input
        scratch = FileManager.default.temporaryDirectory.path + "/sluice-\(UUID().uuidString)"
        dryRun = DryRun(renderer: try options.renderer(), scratch: scratch)
    }

    func sheet() async throws(Failure) -> ProofSheet {
        do throws(Failure) {
            let sheet = try await made()
            await discard()
            return sheet
        } catch {
            await discard()
            throw error
        }
    }

    private var zone: TimeZone { selection.profiles.first?.zone ?? .gmt }

    private func discard() async {
        await dryRun.close()
        try? FileManager.default.removeItem(atPath: scratch)
    }

    private func made() async throws(Failure) -> ProofSheet {
        var takes: [Take] = []
        for picture in input.pictures { takes.append(try await take(picture)) }
        let state = state(takes)
        var masters: [ProofSheet.Master] = []
        for take in takes { masters.append(try await master(take, state)) }
        return ProofSheet(
            subject: input.subject, madeAt: now, zone: zone,
            program: "sluice \(SluiceCommand.version)", masters: masters,
            notes: input.notes + input.pictures.compactMap(\.rejection?.message)
                + selection.notes)
    }

    // MARK: Masters

    /// A picture that was looked at.
    private struct Take {
        var picture: ProofInput.Picture
        var master: DryRun.Master?
        var preview: ProofSheet.Picture?
        var refusal: String?
    }

    private func take(_ picture: ProofInput.Picture) async throws(Failure) -> Take {
        var take = Take(picture: picture)
        do throws(DryRun.Failure) {
            let master = try await dryRun.look(at: picture.path)
            take.master = master
            take.preview = try await preview(of: master, because: nil)
        } catch {
            take.refusal = try words(error)
        }
        return take
    }

    /// What went wrong with one picture stays with it; a machine that starts no workers ends all.
    private func words(_ failure: DryRun.Failure) throws(Failure) -> String {
        if case .worker(.couldNotStart) = failure { throw .couldNot(failure.description) }
        return failure.description
    }

    private func preview(
        of master: DryRun.Master, because why: String?
    ) async throws(DryRun.Failure) -> ProofSheet.Picture? {
        let made = try await dryRun.outcomes(
            master, [Preview.rendition], of: selection.profiles[0],
            version: master.version(declared: nil, zone: zone), at: now)
        return made.first.flatMap { Preview.picture($0, of: master.inspection.size, because: why) }
    }

    /// Everything known of the SKU, as the daemon would have it.
    private func state(_ takes: [Take]) -> SKUState {
        let sku = takes.lazy.compactMap { asset($0)?.sku }.first ?? ""
        var state = SKUState(sku: sku, product: input.product)
        for (number, take) in takes.enumerated() {
            guard let version = version(take, id: Int64(number + 1)) else { continue }
            state.versions.append(version)
            state.inspections[version.master] = take.master?.inspection
        }
        return state
    }

    /// Of several SKUs that a picture serves, the one that was asked about.
    private func asset(_ take: Take) -> Asset? {
        let assets = take.picture.declared?.assets ?? []
        return assets.first { $0.sku == input.subject } ?? assets.first
    }

    private func version(_ take: Take, id: Int64) -> Version? {
        guard let master = take.master, let asset = asset(take) else { return nil }
        return master.version(id, of: asset, declared: take.picture.declared, zone: zone)
    }

    private func master(_ take: Take, _ state: SKUState) async throws(Failure) -> ProofSheet.Master
    {
        var master = ProofSheet.Master(
            name: take.picture.name, asset: asset(take)?.description, hash: take.master?.hash,
            bytes: take.master?.bytes, inspection: take.master?.inspection, picture: take.preview,
            refusal: take.refusal)
        guard take.refusal == nil, let source = take.master else { return master }
        let version = state.versions.first { $0.asset == asset(take) && $0.master == source.hash }
        for profile in selection.profiles {
            master.channels.append(try await channel(profile, source, version, state))
        }
        return master
    }

    // MARK: Channels

    private func channel(
        _ profile: Profile, _ master: DryRun.Master, _ declared: Version?, _ state: SKUState
    ) async throws(Failure) -> ProofSheet.Channel {
        let version = declared ?? master.version(declared: nil, zone: zone)
        let older = selection.older.flatMap { $0.channel == profile.channel ? $0 : nil }
        let placements = declared.map { profile.placements(of: $0, state, at: now) }
        let made = try await outcomes(profile, master, version, only: placements)
        var before: [String: ProofSheet.Outcome] = [:]
        let earlier = declared.flatMap { version in
            older?.placements(of: version, state, at: now)
        }
        if let older { before = try await outcomes(older, master, version, only: earlier) }
        let names = made.keys.sorted() + before.keys.filter { made[$0] == nil }.sorted()
        return ProofSheet.Channel(
            name: profile.channel, title: profile.title, state: profile.state.rawValue,
            market: profile.market, file: profile.file, revision: profile.revision,
            against: older?.file, changes: older.map { profile.changes(from: $0) } ?? [],
            gates: declared.map { profile.obstacles(to: $0.asset, in: state, at: now) }
                ?? profile.licence(of: version, at: now).terms,
            renditions: names.map { name in
                ProofSheet.Rendition(
                    name: name, placements: Self.placements(name, profile, placements),
                    now: made[name], before: before[name])
            })
    }

    /// By rendition.
    /// - Parameter placements: only what these need; nil: all of the profile.
    private func outcomes(
        _ profile: Profile, _ master: DryRun.Master, _ version: Version,
        only placements: [Placement]?
    ) async throws(Failure) -> [String: ProofSheet.Outcome] {
        let wanted = placements.map { Set($0.map(\.rendition)) } ?? Set(profile.renditions.keys)
        let renditions = wanted.sorted().compactMap { profile.renditions[$0] }
        guard !renditions.isEmpty else { return [:] }
        var shown: [String: ProofSheet.Outcome] = [:]
        do throws(DryRun.Failure) {
            let made = try await dryRun.outcomes(
                master, renditions, of: profile, version: version, at: now)
            for (rendition, outcome) in zip(renditions, made) {
                shown[rendition.name] = try await self.shown(outcome, rendition)
                let changes = try await dryRun.changes(
                    in: outcome, master, of: profile, version: version, at: now)
                if let receipt = changes?.receipt, let file = changes?.file {
                    shown[rendition.name]?.picture = try await picture(file, receipt)
                    shown[rendition.name]?.picture?.note =
                        "not for delivery: what whitening would change of the product is red"
                }
            }
        } catch {
            let refusal = try words(error)
            for rendition in renditions where shown[rendition.name] == nil {
                shown[rendition.name] = .init(recipe: rendition.recipe, refusal: refusal)
            }
        }
        return shown
    }

    private func shown(
        _ outcome: DryRun.Outcome, _ rendition: Profile.Rendition
    ) async throws(DryRun.Failure) -> ProofSheet.Outcome {
        var shown = ProofSheet.Outcome(
            recipe: rendition.recipe,
            border: rendition.ring.map { .init(share: $0.share, tolerance: $0.tolerance) },
            receipt: outcome.receipt, checks: outcome.checks)
        if let receipt = outcome.receipt, let file = outcome.file {
            shown.picture = try await picture(file, receipt)
        } else {
            shown.refusal = outcome.gates.map(\.message).joined(separator: "; ")
        }
        return shown
    }

    /// The file itself where a browser shows it as it is, else what a worker makes of it.
    private func picture(
        _ file: String, _ receipt: Receipt
    ) async throws(DryRun.Failure) -> ProofSheet.Picture? {
        guard let why = Preview.reason(receipt) else {
            return (try? Data(contentsOf: URL(fileURLWithPath: file))).map {
                ProofSheet.Picture(
                    mediaType: receipt.format.mediaType, bytes: $0, size: receipt.size)
            }
        }
        return try await preview(of: dryRun.look(at: file), because: why)
    }

    /// Without an asset the slots that would take such a rendition, and no name yet.
    private static func placements(
        _ rendition: String, _ profile: Profile, _ known: [Placement]?
    ) -> [ProofSheet.Placement] {
        guard let known else {
            return profile.slots.filter { $0.rendition == rendition }.map {
                ProofSheet.Placement(slot: $0.name, name: nil)
            }
        }
        return known.filter { $0.rendition == rendition }.map {
            ProofSheet.Placement(slot: $0.slot, name: $0.name?.rawValue)
        }
    }
}
