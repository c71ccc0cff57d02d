package import Foundation
import Host
import Intake
package import Model
package import Profiles
import Synchronization

/// Files through profiles, without a daemon: what would leave, and what each profile says to it. One
/// pair of sandboxed workers, the same as the daemon's, serves any number of files; after a death the
/// next question gets a new pair.
package final class DryRun: Sendable {
    package struct Outcome: Sendable {
        package var rendition: String
        /// Full path of the finished file, until the dryRun is closed; nil when none could be made.
        package var file: String?
        package var receipt: Receipt?
        /// Every demand, met or not; empty where none could be made.
        package var checks: [Check] = []
        /// Why none could be made.
        package var refusal: Gate?
        package var code: Refusal.Code?
        /// What the licence forbids and was done to see how it would look.
        package var forbidden: [Gate] = []
        /// All closed gates, those of `checks` included; empty: it would leave.
        package var gates: [Gate]
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

    private enum Limit {
        static let inspectSeconds = 30.0
        static let renderSeconds = 300.0
        static let verifySeconds = 120.0
    }

    private typealias Pair = (renderer: RenderWorker, verifier: RenderWorker)

    private let executable: String
    private let scratch: String
    private let number: Int
    private let lane = Lane("dryRun")
    private let pair = Mutex<Pair?>(nil)

    private var masters: String { scratch + "/masters" }
    private var output: String { scratch + "/output" + ending }
    private var directory: JobDirectory { JobDirectory(scratch + "/job" + ending) }
    private var ending: String { number == 0 ? "" : "-\(number)" }

    /// - Parameters:
    ///   - renderer: path of `sluice-render`.
    ///   - scratch: a directory of its own, made if need be; the caller's to remove.
    ///   - number: of several trials that share what they have looked at.
    package init(renderer: String, scratch: String, number: Int = 0) {
        self.number = number
        executable = renderer
        self.scratch = scratch
    }

    /// Ends the workers.
    package func close() async {
        let old = pair.withLock { pair in
            defer { pair = nil }
            return pair
        }
        await old?.renderer.stop()
        await old?.verifier.stop()
    }

    /// Takes a copy of the file and has it inspected, with the `.xmp` that belongs to it.
    package func look(at file: String) async throws(Failure) -> Master {
        let (hash, format, bytes) = try await stage(file)
        try await lend(hash)
        let request = InspectRequest(master: JobDirectory.name(of: hash), format: format)
        switch try await ask(.inspect(request), of: \.renderer, within: Limit.inspectSeconds) {
        case .inspected(let inspection) where inspection.isBounded:
            var master = Master(hash: hash, format: format, bytes: bytes, inspection: inspection)
            try await describe(&master, file)
            return master
        case .refused(let refusal): throw .refused(refusal)
        default: throw .worker(.nonsense("an answer to another question"))
        }
    }

    /// Reads the `.xmp` beside a picture. One that cannot be read does not end the look: it closes
    /// a gate, as it does in the daemon.
    private func describe(_ master: inout Master, _ file: String) async throws(Failure) {
        let found = await lane.run {
            Result { () throws(IntakeError) in try XMPSidecarSearch.xmp(of: file) }
        }
        switch found {
        case .success(nil): return
        case .success(let beside?):
            master.description = beside
            let file = try await copy(beside).sha256
            try await lend(file)
            let request = ReadXMPRequest(file: JobDirectory.name(of: file))
            switch try await ask(.readXMP(request), of: \.renderer, within: Limit.inspectSeconds)
            {
            case .xmp(let metadata) where metadata.isBounded: master.xmpMetadata = metadata
            case .refused(let refusal): master.xmpFault = refusal.message
            default: throw .worker(.nonsense("an answer to another question"))
            }
        case .failure(let error): master.xmpFault = "\(error)"
        }
    }

    /// Makes, measures and judges renditions of a profile.
    /// - Parameter version: what is known about the picture; see `Master.version`.
    package func outcomes(
        _ master: Master, _ renditions: [Profile.Rendition], of profile: Profile,
        version: Version, at now: Date
    ) async throws(Failure) -> [Outcome] {
        // Two that differ in what is demanded of them only are one file, which is made once.
        let keys = renditions.map { $0.key(version, master.inspection) }
        let items = Dictionary(zip(keys, renditions), uniquingKeysWith: { first, _ in first }).map {
            RenderRequest.Item(
                key: $0, recipe: $1.recipe,
                particulars: $1.particulars(version, master.inspection))
        }
        try await lend(master.hash)
        let request = RenderRequest(
            master: JobDirectory.name(of: master.hash), format: master.format,
            measured: master.inspection.measurement, items: items)
        var made: [ContentHash: RenderOutcome] = [:]
        switch try await ask(.render(request), of: \.renderer, within: Limit.renderSeconds) {
        case .rendered(let outcomes) where outcomes.count == items.count:
            for (item, outcome) in zip(items, outcomes) { made[item.key] = outcome }
        case .refused(let refusal): throw .refused(refusal)
        default: throw .worker(.nonsense("an answer to another question"))
        }
        var outcomes: [Outcome] = []
        for (rendition, key) in zip(renditions, keys) {
            var outcome = try await judge(
                made[key], rendition, of: profile, master.inspection.withXMP(of: version), at: now
            )
            outcome.forbidden = profile.alterations(version, by: rendition)
            outcome.gates = outcome.forbidden + outcome.gates
            outcomes.append(outcome)
        }
        return outcomes
    }

    // MARK: Steps

    private func stage(
        _ file: String
    ) async throws(Failure) -> (ContentHash, ImageFormat, Int64) {
        let head = await lane.run { () -> Result<Data, HostError> in
            Result { () throws(HostError) in
                try OpenFile.open(file, O_RDONLY).read(limit: ImageFormat.head)
            }
        }
        switch head {
        case .success(let head):
            guard let format = ImageFormat.recognise(head) else {
                throw .file(ForeignFile(head).told(of: file))
            }
            let digest = try await copy(file)
            return (digest.sha256, format, digest.bytes)
        case .failure(let error): throw .file("\(error)")
        }
    }

    /// To where the workers may read it. Whatever it turns into meanwhile, they trust no format.
    private func copy(_ file: String) async throws(Failure) -> Files.Digest {
        let masters = masters
        let copied = await lane.run { () -> Result<Files.Digest, HostError> in
            Result { () throws(HostError) in
                let source = try OpenFile.open(file, O_RDONLY)
                let digest = try Files.digest(source)
                let path = masters + "/" + Store.masterFile(digest.sha256)
                try Files.makeDirectory(String(path[..<path.lastIndex(of: "/")!]))
                lseek(source.descriptor, 0, SEEK_SET)
                try Files.replace(path, durable: false) { copy throws(HostError) in
                    _ = try Files.digest(source) { bytes throws(HostError) in
                        try copy.write(bytes)
                    }
                }
                return digest
            }
        }
        switch copied {
        case .success(let digest): return digest
        case .failure(let error): throw .file("\(error)")
        }
    }

    private func lend(_ file: ContentHash) async throws(Failure) {
        let (directory, masters) = (directory, masters)
        let lent = await lane.run {
            Result { () throws(HostError) in try directory.lend(file, from: masters) }
        }
        switch lent {
        case .success(file): return
        case .success: throw .file("the copy of the picture changed while it was looked at")
        case .failure(let error): throw .file("\(error)")
        }
    }

    /// Out of the workers' sight, to stay until the dryRun is closed.
    private func keep(_ file: String) async throws(Failure) -> String {
        let (made, kept) = (directory.finished + "/" + file, output + "/" + file)
        do throws(HostError) {
            try await lane.run { () throws(HostError) in
                if !Files.exists(kept) { try Files.link(made, as: kept) }
            }
        } catch {
            throw .file("\(error)")
        }
        return kept
    }

    private func judge(
        _ made: RenderOutcome?, _ rendition: Profile.Rendition, of profile: Profile,
        _ master: Inspection, at now: Date
    ) async throws(Failure) -> Outcome {
        guard case .made(_, let file, let quality, let expected) = made else {
            guard case .refused(_, let refusal) = made else {
                throw .worker(.nonsense("an outcome of no kind"))
            }
            return refused(refusal, rendition, profile)
        }
        let request = VerifyRequest(
            file: file, format: rendition.recipe.format, background: rendition.recipe.background,
            expected: expected)
        switch try await ask(.verify(request), of: \.verifier, within: Limit.verifySeconds) {
        case .verified(var receipt) where receipt.isBounded:
            receipt.quality = quality
            let checks = profile.checks(
                on: receipt, rendition: rendition.name, at: now, master: master)
            let gates = profile.verdict(
                on: receipt, rendition: rendition.name, at: now, master: master)
            return Outcome(
                rendition: rendition.name, file: try await keep(file), receipt: receipt,
                checks: checks, gates: gates)
        case .refused(let refusal): return refused(refusal, rendition, profile)
        default: throw .worker(.nonsense("an answer to another question"))
        }
    }

    private func refused(
        _ refusal: Refusal, _ rendition: Profile.Rendition, _ profile: Profile
    ) -> Outcome {
        let gate = profile.gate(for: refusal, rendition: rendition.name)
        return Outcome(
            rendition: rendition.name, refusal: gate, code: refusal.code, gates: [gate])
    }

    // MARK: Workers

    private func ask(
        _ request: WorkerRequest, of role: @Sendable (Pair) -> RenderWorker,
        within seconds: Double
    ) async throws(Failure) -> WorkerReply {
        do throws(WorkerFailure) {
            return try await role(workers()).ask(request, deadline: seconds)
        } catch {
            await close()
            throw .worker(error)
        }
    }

    private func workers() async throws(WorkerFailure) -> Pair {
        if let pair = pair.withLock(\.self) { return pair }
        let (directory, output) = (directory, output)
        do throws(HostError) {
            try await lane.run { () throws(HostError) in
                try directory.make()
                try Files.makeDirectory(output)
            }
        } catch {
            throw .couldNotStart("\(error)")
        }
        let renderer = RenderWorker(
            executable: executable,
            role: .render(masters: directory.masters, output: directory.finished))
        let verifier = RenderWorker(
            executable: executable, role: .verify(finished: directory.finished))
        _ = try await renderer.start()
        _ = try await verifier.start()
        pair.withLock { $0 = (renderer, verifier) }
        return (renderer, verifier)
    }
}
