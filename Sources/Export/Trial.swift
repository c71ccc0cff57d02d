package import Channels
package import Foundation
import Host
package import Model

/// One file through one profile, without a daemon: what would leave, and what the profile says to
/// it. Uses the same sandboxed workers as the daemon.
package struct Trial: Sendable {
    package struct Outcome: Sendable {
        package var rendition: String
        /// Full path of the finished file; nil when none could be made.
        package var file: String?
        package var receipt: Receipt?
        /// Closed gates; empty: it would leave.
        package var gates: [Gate]
    }

    package struct Answer: Sendable {
        package var inspection: Inspection
        package var master: ContentHash
        package var outcomes: [Outcome]
    }

    package enum Failure: Error, Sendable, CustomStringConvertible {
        case file(String)
        case refused(Refusal)
        case worker(WorkerFailure)

        package var description: String {
            switch self {
            case .file(let message): message
            case .refused(let refusal): refusal.message
            case .worker(let failure): "\(failure)"
            }
        }
    }

    private let renderer: String
    private let scratch: String

    /// - Parameters:
    ///   - renderer: path of `sluice-render`.
    ///   - scratch: an empty directory, the caller's to remove.
    package init(renderer: String, scratch: String) {
        self.renderer = renderer
        self.scratch = scratch
    }

    /// - Parameter renditions: those of the profile to make.
    package func run(
        _ file: String, _ renditions: [Profile.Rendition], of profile: Profile, at now: Date
    ) async throws(Failure) -> Answer {
        let (masters, output) = (scratch + "/masters", scratch + "/output")
        let staged = try await stage(file, masters, output)
        let worker = RenderWorker(
            executable: renderer, role: .render(masters: masters, output: output))
        let verifier = RenderWorker(executable: renderer, role: .verify(finished: output))
        let answer: Result<Answer, Refusal>
        do throws(WorkerFailure) {
            _ = try await worker.start()
            _ = try await verifier.start()
            answer = try await ask(worker, verifier, staged, renditions, of: profile, at: now)
        } catch {
            throw .worker(error)
        }
        await worker.stop()
        await verifier.stop()
        switch answer {
        case .success(let answer): return answer
        case .failure(let refusal): throw .refused(refusal)
        }
    }

    private struct Master: Sendable {
        var hash: ContentHash
        var format: ImageFormat
    }

    private func stage(
        _ file: String, _ masters: String, _ output: String
    ) async throws(Failure) -> Master {
        do {
            return try await Lane("trial").run { () throws(HostError) -> Master? in
                try Files.makeDirectory(output)
                let source = try OpenFile.open(file, O_RDONLY)
                guard let format = ImageFormat.recognise(try source.read(limit: 16)) else {
                    return nil
                }
                lseek(source.descriptor, 0, SEEK_SET)
                let digest = try Files.digest(source)
                let path = masters + "/" + Store.masterFile(digest.sha256)
                try Files.makeDirectory(String(path[..<path.lastIndex(of: "/")!]))
                lseek(source.descriptor, 0, SEEK_SET)
                try Files.replace(path, durable: false) { copy throws(HostError) in
                    _ = try Files.digest(source) { bytes throws(HostError) in
                        try copy.write(bytes)
                    }
                }
                return Master(hash: digest.sha256, format: format)
            }.unwrapped(or: .file("'\(file)' is not a picture of a kind that is read here"))
        } catch let error as Failure {
            throw error
        } catch {
            throw .file("\(error)")
        }
    }

    private func ask(
        _ worker: RenderWorker, _ verifier: RenderWorker, _ master: Master,
        _ renditions: [Profile.Rendition], of profile: Profile, at now: Date
    ) async throws(WorkerFailure) -> Result<Answer, Refusal> {
        let path = Store.masterFile(master.hash)
        let inspected = try await worker.ask(
            .inspect(InspectRequest(master: path, format: master.format)), deadline: 30)
        if case .refused(let refusal) = inspected { return .failure(refusal) }
        guard case .inspected(let inspection) = inspected else {
            throw .nonsense("an answer to another question")
        }
        let items = renditions.map { rendition in
            RenderRequest.Item(
                key: RenditionKey.of(master: master.hash, recipe: rendition.recipe),
                recipe: rendition.recipe)
        }
        let request = RenderRequest(
            master: path, format: master.format, measured: inspection.measurement,
            items: items)
        let rendered = try await worker.ask(.render(request), deadline: 300)
        if case .refused(let refusal) = rendered { return .failure(refusal) }
        guard case .rendered(let outcomes) = rendered else {
            throw .nonsense("an answer to another question")
        }
        var answer = Answer(inspection: inspection, master: master.hash, outcomes: [])
        for rendition in renditions {
            let key = RenditionKey.of(master: master.hash, recipe: rendition.recipe)
            guard let outcome = outcomes.first(where: { $0.key == key }) else { continue }
            answer.outcomes.append(
                try await judge(outcome, rendition, of: profile, at: now, verifier))
        }
        return .success(answer)
    }

    private func judge(
        _ outcome: RenderOutcome, _ rendition: Profile.Rendition, of profile: Profile,
        at now: Date, _ verifier: RenderWorker
    ) async throws(WorkerFailure) -> Outcome {
        func refused(_ refusal: Refusal) -> Outcome {
            let gate = Gate(
                refusal.blamesMaster || refusal.code == .tooSmall ? .source : .compliance,
                refusal.message, place: rendition.place, turn: "studio")
            return Outcome(rendition: rendition.name, gates: [gate])
        }
        switch outcome {
        case .refused(_, let refusal): return refused(refusal)
        case .made(_, let file, let quality, let reference):
            let request = VerifyRequest(
                file: file, format: rendition.recipe.format,
                background: rendition.recipe.background, reference: reference)
            switch try await verifier.ask(.verify(request), deadline: 120) {
            case .verified(var receipt):
                receipt.quality = quality
                let gates = profile.verdict(on: receipt, rendition: rendition.name, at: now)
                return Outcome(
                    rendition: rendition.name, file: scratch + "/output/" + file,
                    receipt: receipt, gates: gates)
            case .refused(let refusal): return refused(refusal)
            default: throw .nonsense("an answer to another question")
            }
        }
    }
}

extension RenderOutcome {
    fileprivate var key: ContentHash {
        switch self {
        case .made(let key, _, _, _), .refused(let key, _): key
        }
    }
}

extension Optional {
    fileprivate func unwrapped(or failure: Trial.Failure) throws -> Wrapped {
        guard let self else { throw failure }
        return self
    }
}
