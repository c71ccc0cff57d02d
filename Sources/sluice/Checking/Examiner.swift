internal import DryRun
internal import Export
internal import Foundation
import Host
internal import Intake
internal import Model
internal import Profiles
internal import Rendering

/// Looks at one picture and asks profiles about it, by the daemon's own workers, without a daemon.
/// For `check` and `render`. Approval is not asked: it comes later.
struct Examiner {
    private let profiles: [Profile]
    private let zone: TimeZone
    private let dryRun: DryRun
    private let scratch: String
    private let now = WallClock.system.now()

    /// - Parameter zone: for bare dates in the picture.
    init(_ options: Options, _ profiles: [Profile], zone: TimeZone) throws(Failure) {
        self.profiles = profiles
        self.zone = zone
        scratch = FileManager.default.temporaryDirectory.path + "/sluice-\(UUID().uuidString)"
        dryRun = DryRun(renderer: try options.renderer(), scratch: scratch)
    }

    /// Ends the workers afterwards, and throws away what they made.
    func run<Answer>(
        _ body: (Self) async throws(Failure) -> Answer
    ) async throws(Failure) -> Answer {
        do throws(Failure) {
            let answer = try await body(self)
            await discard()
            return answer
        } catch {
            await discard()
            throw error
        }
    }

    private func discard() async {
        await dryRun.close()
        try? FileManager.default.removeItem(atPath: scratch)
    }

    /// - Parameters:
    ///   - input: one picture, with what is declared about it.
    ///   - only: the one rendition to make.
    ///   - everything: all renditions, with their files, rather than those that the picture's view
    ///     is made into.
    ///   - progress: called with profiles done and profiles in all.
    func examine(
        _ input: ProofInput, only: String? = nil, everything: Bool = false,
        progress: (Int, Int) -> Void = { _, _ in }
    ) async throws(Failure) -> Examination {
        let picture = input.pictures[0]
        do throws(DryRun.Failure) {
            let master = try await dryRun.look(at: picture.path)
            let question = Question(
                master: master, product: input.product, declared: picture.declared,
                asset: everything ? nil : picture.declared?.assets.first, only: only,
                everything: everything)
            var examination = Examination(
                file: picture.name, sha256: master.hash,
                assets: picture.declared?.assets.map(\.description) ?? [],
                measurement: .init(master), metadata: .init(master),
                licence: .init(version(question), zone: zone, at: now))
            examination.product = input.product?.fields
            for (number, profile) in profiles.enumerated() {
                progress(number, profiles.count)
                examination.channels.append(try await channel(profile, question))
            }
            progress(profiles.count, profiles.count)
            if let rejection = picture.rejection { examination.take(rejection, everything) }
            examination.notes += input.notes
            return examination
        } catch {
            throw .couldNot("'\(picture.name)' cannot be checked: \(error)")
        }
    }

    /// What is asked of every profile.
    private struct Question {
        var master: DryRun.Master
        var product: Product?
        var declared: Declaration?
        /// Nil where nothing says what the picture shows, or it shall make no difference.
        var asset: Asset?
        var only: String?
        var everything: Bool
    }

    private func version(_ question: Question) -> Version {
        var version = question.master.version(
            of: question.asset ?? Asset(sku: "", view: ""), declared: question.declared,
            zone: zone)
        version.approval = version.approval ?? Approval(by: "check", at: now)
        return version
    }

    private func channel(
        _ profile: Profile, _ question: Question
    ) async throws(DryRun.Failure) -> Examination.Channel {
        let version = version(question)
        var channel = Examination.Channel(
            channel: profile.channel, title: profile.title, state: profile.state.rawValue,
            profile: profile.file)
        guard profile.state != .retired || question.everything else {
            channel.verdict = .notAsked
            return channel
        }
        let master = question.master.inspection.withXMP(of: version)
        channel.checks = profile.checks(on: master, at: now)
        let places = placements(profile, question)
        if let places, places.isEmpty {
            channel.verdict = .notAsked
            return channel
        }
        let wanted = places.map { Set($0.map(\.rendition)) } ?? Set(profile.renditions.keys)
        let renditions = wanted.sorted().filter { question.only ?? $0 == $0 }
            .compactMap { profile.renditions[$0] }
        channel.gates = gates(profile, question)
        do throws(DryRun.Failure) {
            let outcomes = try await dryRun.outcomes(
                question.master, renditions, of: profile, version: version, at: now)
            channel.take(outcomes, keepingFiles: question.everything)
            if !question.everything {
                for (index, outcome) in outcomes.enumerated() {
                    channel.renditions[index].passesWith = try await dryRun.remedy(
                        for: outcome, question.master, of: profile, version: version, at: now)
                }
            }
        } catch {
            // What one channel's renditions end in says nothing of the others'.
            if case .worker(.couldNotStart) = error { throw error }
            channel.gates.append(Gate(.source, "\(error)", turn: "studio"))
        }
        channel.judge()
        return channel
    }

    /// Nil where nothing says what the picture shows: it may be meant for any place.
    private func placements(_ profile: Profile, _ question: Question) -> [Placement]? {
        guard let asset = question.asset else { return nil }
        return profile.placements(of: version(question), state(asset, question), at: now)
    }

    /// What stands in the way beside the pixels, which the checks tell.
    private func gates(_ profile: Profile, _ question: Question) -> [Gate] {
        guard let asset = question.asset else {
            return profile.licence(of: version(question), at: now).terms
        }
        return profile.obstacles(to: asset, in: state(asset, question), at: now)
    }

    private func state(_ asset: Asset, _ question: Question) -> SKUState {
        SKUState(
            sku: asset.sku, product: question.product, versions: [version(question)],
            inspections: [question.master.hash: question.master.inspection])
    }
}

extension Examination {
    /// A file may lie in the spool some day, and be called otherwise there: only what is said of it
    /// counts here.
    fileprivate mutating func take(_ rejection: Rejection, _ everything: Bool) {
        switch rejection.code {
        case .badSidecar, .badManifest, .sharedXMP, .tooBig:
            refused = Refused(
                message: rejection.message, problems: rejection.problems, advice: rejection.advice)
        case .noDeclaration where everything: break
        case .noDeclaration:
            notes.append(
                "nothing says what it shows, so every rendition was tried; to change that, "
                    + rejection.advice)
        default: notes.append(rejection.message)
        }
    }
}

extension Examination.Channel {
    fileprivate mutating func take(_ outcomes: [DryRun.Outcome], keepingFiles: Bool) {
        renditions = outcomes.map { outcome in
            var rendition = Examination.Rendition(outcome).withoutDetour
            if !keepingFiles { rendition.file = nil }
            return rendition
        }
        let told = outcomes.flatMap(\.forbidden)
        gates.removeAll { told.contains($0) }
    }
}

extension Examination.Rendition {
    /// A gate's usual advice is to run `sluice check`, which this is.
    fileprivate var withoutDetour: Self {
        var rendition = self
        for index in gates.indices where gates[index].next?.hasPrefix("sluice check") ?? false {
            rendition.gates[index].next = nil
        }
        return rendition
    }
}
