internal import Channels
internal import Export
internal import Foundation
internal import Model
internal import Proof

/// Renders what a proof sheet shows, by the daemon's own workers, and puts the values together.
struct ProofPress {
    private let renderer: String
    private let offers: Offers
    private let subjects: Subjects
    private let now = Date()

    init(_ options: Options, offers: Offers, subjects: Subjects) throws(Failure) {
        self.offers = offers
        self.subjects = subjects
        let (path, named) = options.configurationPath
        let hasFile = named || FileManager.default.isReadableFile(atPath: path)
        let configured = hasFile ? try options.configuration().render.executable : nil
        guard let renderer = configured ?? Configuration.usualRenderer() else {
            throw .couldNot(
                "'sluice-render' is neither beside this program nor in '/usr/lib/sluice'")
        }
        self.renderer = renderer
    }

    func sheet() async throws(Failure) -> ProofSheet {
        var takes: [Take] = []
        for picture in subjects.pictures { takes.append(try await take(picture)) }
        let shelf = shelf(takes)
        var masters: [ProofSheet.Master] = []
        for take in takes { masters.append(try await master(take, shelf)) }
        return ProofSheet(
            subject: subjects.subject, madeAt: now, zone: offers.profiles.first?.zone ?? .gmt,
            program: "sluice \(SluiceCommand.version)", masters: masters,
            notes: subjects.notes + offers.notes)
    }

    // MARK: Masters

    /// A picture that was looked at.
    private struct Take {
        var picture: Subjects.Picture
        var hash: ContentHash?
        var inspection: Inspection?
        var preview: ProofSheet.Picture?
        var refusal: String?
    }

    private func take(_ picture: Subjects.Picture) async throws(Failure) -> Take {
        var take = Take(picture: picture)
        let press = Pressing(renderer: renderer)
        defer { press.discard() }
        do throws(Trial.Failure) {
            let answer = try await press.run(picture.path, [Preview.rendition], offers.profiles[0])
            take.hash = answer.master
            take.inspection = answer.inspection
            take.preview = answer.outcomes.first.flatMap {
                Preview.picture($0, of: answer.inspection.size)
            }
        } catch {
            guard case .worker = error else {
                take.refusal = error.description
                return take
            }
            throw .couldNot(error.description)
        }
        return take
    }

    /// Everything known of the SKU, as the daemon would have it.
    private func shelf(_ takes: [Take]) -> Shelf {
        let sku = takes.lazy.compactMap { asset($0)?.sku }.first ?? ""
        var shelf = Shelf(sku: sku, product: subjects.product)
        for (number, take) in takes.enumerated() {
            guard let version = version(take, id: Int64(number + 1)) else { continue }
            shelf.versions.append(version)
            shelf.inspections[version.master] = take.inspection
        }
        return shelf
    }

    /// Of several SKUs that a picture serves, the one that was asked about.
    private func asset(_ take: Take) -> Asset? {
        let assets = take.picture.declared?.assets ?? []
        return assets.first { $0.sku == subjects.subject } ?? assets.first
    }

    private func version(_ take: Take, id: Int64) -> Version? {
        guard let declared = take.picture.declared, let hash = take.hash, let asset = asset(take)
        else { return nil }
        return Version(
            id: id, asset: asset, master: hash, kind: declared.kind, audience: declared.audience,
            season: declared.season, tags: declared.tags, approval: declared.approval,
            rights: declared.rights, withdrawn: declared.withdrawn)
    }

    private func master(_ take: Take, _ shelf: Shelf) async throws(Failure) -> ProofSheet.Master {
        let attributes = try? FileManager.default.attributesOfItem(atPath: take.picture.path)
        var master = ProofSheet.Master(
            name: take.picture.name, asset: asset(take)?.description, hash: take.hash,
            bytes: (attributes?[.size] as? NSNumber)?.int64Value, inspection: take.inspection,
            picture: take.preview, refusal: take.refusal)
        guard take.refusal == nil else { return master }
        let version = shelf.versions.first { $0.asset == asset(take) && $0.master == take.hash }
        for profile in offers.profiles {
            master.channels.append(try await channel(profile, take, version, shelf))
        }
        return master
    }

    // MARK: Channels

    private func channel(
        _ profile: Profile, _ take: Take, _ version: Version?, _ shelf: Shelf
    ) async throws(Failure) -> ProofSheet.Channel {
        let older = offers.older.flatMap { $0.channel == profile.channel ? $0 : nil }
        let placements = version.map { profile.placements(of: $0, shelf, at: now) }
        let made = try await outcomes(profile, take, only: placements)
        var before: [String: ProofSheet.Outcome] = [:]
        if let older { before = try await outcomes(older, take, only: nil) }
        let names = made.keys.sorted() + before.keys.filter { made[$0] == nil }.sorted()
        return ProofSheet.Channel(
            name: profile.channel, title: profile.title, state: profile.state.rawValue,
            market: profile.market, file: profile.file, revision: profile.revision,
            against: older?.file, changes: older.map { profile.changes(from: $0) } ?? [],
            gates: version.map { gates(profile, $0, shelf) } ?? [],
            renditions: names.map { name in
                ProofSheet.Rendition(
                    name: name, placements: Self.placements(name, profile, placements),
                    now: made[name], before: before[name])
            })
    }

    /// By rendition.
    /// - Parameter placements: only what these need; nil: all of the profile.
    private func outcomes(
        _ profile: Profile, _ take: Take, only placements: [Placement]?
    ) async throws(Failure) -> [String: ProofSheet.Outcome] {
        let wanted = placements.map { Set($0.map(\.rendition)) } ?? Set(profile.renditions.keys)
        let renditions = wanted.sorted().compactMap { profile.renditions[$0] }
        guard !renditions.isEmpty else { return [:] }
        let press = Pressing(renderer: renderer)
        defer { press.discard() }
        var made: [String: ProofSheet.Outcome] = [:]
        do throws(Trial.Failure) {
            let answer = try await press.run(take.picture.path, renditions, profile)
            for outcome in answer.outcomes {
                guard let rendition = profile.renditions[outcome.rendition] else { continue }
                made[outcome.rendition] = try await shown(outcome, rendition, profile)
            }
        } catch {
            throw .couldNot("'\(take.picture.name)' cannot be rendered: \(error)")
        }
        return made
    }

    private func shown(
        _ outcome: Trial.Outcome, _ rendition: Profile.Rendition, _ profile: Profile
    ) async throws(Trial.Failure) -> ProofSheet.Outcome {
        var shown = ProofSheet.Outcome(
            recipe: rendition.recipe,
            border: rendition.ring.map { .init(share: $0.share, tolerance: $0.tolerance) },
            receipt: outcome.receipt)
        guard let receipt = outcome.receipt, let file = outcome.file else {
            shown.refusal = outcome.gates.map(\.message).joined(separator: "; ")
            return shown
        }
        shown.checks = outcome.checks
        shown.picture = try await picture(file, receipt, profile)
        return shown
    }

    /// The file itself where a browser shows it as it is, else what a worker makes of it.
    private func picture(
        _ file: String, _ receipt: Receipt, _ profile: Profile
    ) async throws(Trial.Failure) -> ProofSheet.Picture? {
        guard let why = Preview.reason(receipt) else {
            return (try? Data(contentsOf: URL(fileURLWithPath: file))).map {
                ProofSheet.Picture(
                    mediaType: receipt.format.mediaType, bytes: $0, size: receipt.size)
            }
        }
        let press = Pressing(renderer: renderer)
        defer { press.discard() }
        let answer = try await press.run(file, [Preview.rendition], profile)
        return answer.outcomes.first.flatMap { Preview.picture($0, of: receipt.size, because: why) }
    }

    /// What stands in the way beside the pixels, which the checks tell.
    private func gates(_ profile: Profile, _ version: Version, _ shelf: Shelf) -> [Gate] {
        let decision = profile.want(shelf, at: now).first { $0.asset == version.asset }
        return (decision?.closed ?? []).filter { $0.kind != .source && $0.kind != .compliance }
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

/// One run of workers in a directory that is thrown away.
private struct Pressing {
    let renderer: String
    let scratch = FileManager.default.temporaryDirectory.path + "/sluice-\(UUID().uuidString)"

    func run(
        _ file: String, _ renditions: [Profile.Rendition], _ profile: Profile
    ) async throws(Trial.Failure) -> Trial.Answer {
        let trial = Trial(renderer: renderer, scratch: scratch)
        do throws(Trial.Failure) {
            let answer = try await trial.run(file, renditions, of: profile, at: Date())
            await trial.close()
            return answer
        } catch {
            await trial.close()
            throw error
        }
    }

    func discard() { try? FileManager.default.removeItem(atPath: scratch) }
}
