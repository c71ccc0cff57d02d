package import Channels
package import Foundation
import Host
package import Model
import Synchronization

/// Files through profiles, without a daemon: what would leave, and what each profile says to it. One
/// pair of sandboxed workers, the same as the daemon's, serves any number of files; after a death the
/// next question gets a new pair.
package final class Trial: Sendable {
    /// A file that was staged and inspected.
    package struct Master: Sendable {
        package var hash: ContentHash
        package var format: ImageFormat
        package var bytes: Int64
        package var inspection: Inspection
    }

    package struct Outcome: Sendable {
        package var rendition: String
        /// Full path of the finished file, until the trial is closed; nil when none could be made.
        package var file: String?
        package var receipt: Receipt?
        /// Every demand, met or not; empty where none could be made.
        package var checks: [Check]
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

    private enum Limit {
        static let inspectSeconds = 30.0
        static let renderSeconds = 300.0
        static let verifySeconds = 120.0
    }

    private typealias Pair = (renderer: RenderWorker, verifier: RenderWorker)

    private let executable: String
    private let scratch: String
    private let number: Int
    private let lane = Lane("trial")
    private let pair = Mutex<Pair?>(nil)

    private var masters: String { scratch + "/masters" }
    private var output: String { scratch + "/output" + (number == 0 ? "" : "-\(number)") }

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

    /// Takes a copy of the file and has it inspected.
    package func look(at file: String) async throws(Failure) -> Master {
        let (hash, format, bytes) = try await stage(file)
        let request = InspectRequest(master: Store.masterFile(hash), format: format)
        switch try await ask(.inspect(request), of: \.renderer, within: Limit.inspectSeconds) {
        case .inspected(let inspection):
            return Master(hash: hash, format: format, bytes: bytes, inspection: inspection)
        case .refused(let refusal): throw .refused(refusal)
        default: throw .worker(.nonsense("an answer to another question"))
        }
    }

    /// Reads the `.xmp` beside a picture.
    package func describe(_ file: String) async throws(Failure) -> PictureMetadata {
        let hash = try await copy(file).sha256
        let request = DescribeRequest(file: Store.masterFile(hash))
        switch try await ask(.describe(request), of: \.renderer, within: Limit.inspectSeconds) {
        case .described(let metadata) where metadata.isBounded: return metadata
        case .refused(let refusal): throw .refused(refusal)
        default: throw .worker(.nonsense("an answer to another question"))
        }
    }

    /// Makes, measures and judges renditions of a profile.
    /// - Parameter version: what is declared about the picture; nil: nothing is.
    package func outcomes(
        _ master: Master, _ renditions: [Profile.Rendition], of profile: Profile,
        version: Version? = nil, at now: Date
    ) async throws(Failure) -> [Outcome] {
        let version =
            version ?? Version(id: 0, asset: Asset(sku: "", view: ""), master: master.hash)
        var items: [RenderRequest.Item] = []
        for rendition in renditions {
            items.append(
                RenderRequest.Item(
                    key: rendition.key(version, master.inspection), recipe: rendition.recipe,
                    particulars: rendition.particulars(version, master.inspection)))
        }
        let request = RenderRequest(
            master: Store.masterFile(master.hash), format: master.format,
            measured: master.inspection.measurement, items: items)
        let made: [RenderOutcome]
        switch try await ask(.render(request), of: \.renderer, within: Limit.renderSeconds) {
        case .rendered(let outcomes) where outcomes.count == items.count: made = outcomes
        case .refused(let refusal): throw .refused(refusal)
        default: throw .worker(.nonsense("an answer to another question"))
        }
        var outcomes: [Outcome] = []
        for (rendition, made) in zip(renditions, made) {
            outcomes.append(try await judge(made, rendition, of: profile, master, at: now))
        }
        return outcomes
    }

    /// One file through renditions of one profile.
    package func run(
        _ file: String, _ renditions: [Profile.Rendition], of profile: Profile, at now: Date
    ) async throws(Failure) -> Answer {
        let master = try await look(at: file)
        return Answer(
            inspection: master.inspection, master: master.hash,
            outcomes: try await outcomes(master, renditions, of: profile, at: now))
    }

    // MARK: Steps

    private func stage(
        _ file: String
    ) async throws(Failure) -> (ContentHash, ImageFormat, Int64) {
        let head = await lane.run { () -> Result<ImageFormat?, HostError> in
            Result { () throws(HostError) in
                try ImageFormat.recognise(OpenFile.open(file, O_RDONLY).read(limit: 16))
            }
        }
        switch head {
        case .success(let format?):
            let digest = try await copy(file)
            return (digest.sha256, format, digest.bytes)
        case .success(nil): throw .file("'\(file)' is not a picture of a kind that is read here")
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

    private func judge(
        _ made: RenderOutcome, _ rendition: Profile.Rendition, of profile: Profile,
        _ master: Master, at now: Date
    ) async throws(Failure) -> Outcome {
        guard case .made(_, let file, let quality, let reference) = made else {
            guard case .refused(_, let refusal) = made else {
                throw .worker(.nonsense("an outcome of no kind"))
            }
            return refused(refusal, rendition, profile)
        }
        let request = VerifyRequest(
            file: file, format: rendition.recipe.format, background: rendition.recipe.background,
            reference: reference)
        switch try await ask(.verify(request), of: \.verifier, within: Limit.verifySeconds) {
        case .verified(var receipt):
            receipt.quality = quality
            let checks = profile.checks(
                on: receipt, rendition: rendition.name, at: now, master: master.inspection)
            let gates = profile.verdict(
                on: receipt, rendition: rendition.name, at: now, master: master.inspection)
            return Outcome(
                rendition: rendition.name, file: output + "/" + file, receipt: receipt,
                checks: checks, gates: gates)
        case .refused(let refusal): return refused(refusal, rendition, profile)
        default: throw .worker(.nonsense("an answer to another question"))
        }
    }

    private func refused(
        _ refusal: Refusal, _ rendition: Profile.Rendition, _ profile: Profile
    ) -> Outcome {
        Outcome(
            rendition: rendition.name, checks: [],
            gates: [profile.gate(for: refusal, rendition: rendition.name)])
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
        let (masters, output) = (masters, output)
        do throws(HostError) {
            try await lane.run { () throws(HostError) in
                for directory in [masters, output] { try Files.makeDirectory(directory) }
            }
        } catch {
            throw .couldNotStart("\(error)")
        }
        let renderer = RenderWorker(
            executable: executable, role: .render(masters: masters, output: output))
        let verifier = RenderWorker(executable: executable, role: .verify(finished: output))
        _ = try await renderer.start()
        _ = try await verifier.start()
        pair.withLock { $0 = (renderer, verifier) }
        return (renderer, verifier)
    }
}
