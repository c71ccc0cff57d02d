package import Foundation
import Host
import Intake
package import Model
package import Profiles
package import Rendering
import Wire

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

    private let scratch: String
    private let number: Int
    private let lane = Lane("dry-run")
    private let workers: WorkerPair

    private var masters: String { scratch + "/masters" }
    private var output: String { scratch + "/output" + ending }
    private var directory: JobDirectory { Self.directory(scratch, number) }
    private var ending: String { Self.ending(number) }

    private static func directory(_ scratch: String, _ number: Int) -> JobDirectory {
        JobDirectory(scratch + "/job" + ending(number))
    }

    private static func ending(_ number: Int) -> String { number == 0 ? "" : "-\(number)" }

    /// - Parameters:
    ///   - renderer: path of `sluice-render`.
    ///   - scratch: a directory of its own, made if need be; the caller's to remove.
    ///   - number: of several dry runs that share what they have looked at.
    package init(renderer: String, scratch: String, number: Int = 0) {
        self.number = number
        self.scratch = scratch
        workers = WorkerPair(
            executable: renderer, directory: Self.directory(scratch, number), lane: lane)
    }

    /// Ends the workers.
    package func close() async { await workers.close() }

    /// Takes a copy of the file and has it inspected, with the `.xmp` that belongs to it.
    package func look(at file: String) async throws(Failure) -> Master {
        let (hash, format, bytes) = try await stage(file)
        try await lend(hash)
        switch try await asked({ () throws(WorkerFailure) in try await workers.inspect(hash, format)
        })
        {
        case .given(let inspection):
            var master = Master(hash: hash, format: format, bytes: bytes, inspection: inspection)
            try await readXMP(of: &master, file)
            return master
        case .refused(let refusal): throw .refused(refusal)
        }
    }

    /// Reads the `.xmp` beside a picture. One that cannot be read does not end the look: it closes
    /// a gate, as it does in the daemon.
    private func readXMP(of master: inout Master, _ file: String) async throws(Failure) {
        let found = await lane.run {
            Result { () throws(IntakeError) in try XMPSidecarSearch.xmp(of: file) }
        }
        switch found {
        case .success(nil): return
        case .success(let path?):
            master.xmp = path
            let xmp = try await copy(path).sha256
            try await lend(xmp)
            switch try await asked({ () throws(WorkerFailure) in try await workers.readXMP(xmp) }) {
            case .given(let metadata): master.xmpMetadata = metadata
            case .refused(let refusal): master.xmpFault = refusal.message
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
        let answer = try await asked { () throws(WorkerFailure) in
            try await workers.render(
                items, of: master.hash, master.format, measured: master.inspection.measurement)
        }
        guard case .given(let all) = answer else {
            guard case .refused(let refusal) = answer else { return [] }
            throw .refused(refusal)
        }
        let made = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })
        var outcomes: [Outcome] = []
        for (rendition, key) in zip(renditions, keys) {
            var outcome = try await judge(
                made[key], rendition, of: profile, master.inspection.withXMP(of: version), at: now
            )
            outcome.forbidden = profile.licence(of: version, as: rendition, at: now)
                .gates(for: .alteration)
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
                let path = masters + "/" + StoredFile.master(digest.sha256)
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
        do throws(HostError) {
            if try await workers.lend(file, from: masters) == file { return }
        } catch {
            throw .file("\(error)")
        }
        throw .file("the copy of the picture changed while it was looked at")
    }

    /// Out of the workers' sight, to stay until the dryRun is closed.
    private func keep(_ file: String) async throws(Failure) -> String {
        let output = output
        let (made, kept) = (directory.finished + "/" + file, output + "/" + file)
        do throws(HostError) {
            try await lane.run { () throws(HostError) in
                try Files.makeDirectory(output)
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
        switch made {
        case nil: throw .worker(.nonsense("an outcome of no kind"))
        case .refused(_, let refusal): return refused(refusal, rendition, profile)
        case .made(_, let file, let quality, let expected):
            let answer = try await asked { () throws(WorkerFailure) in
                try await workers.verify(
                    file, of: rendition.recipe, quality: quality, expected: expected)
            }
            switch answer {
            case .refused(let refusal): return refused(refusal, rendition, profile)
            case .given(let receipt):
                return Outcome(
                    rendition: rendition.name, file: try await keep(file), receipt: receipt,
                    checks: profile.checks(
                        on: receipt, rendition: rendition.name, at: now, master: master),
                    gates: profile.verdict(
                        on: receipt, rendition: rendition.name, at: now, master: master))
            }
        }
    }

    private func refused(
        _ refusal: Refusal, _ rendition: Profile.Rendition, _ profile: Profile
    ) -> Outcome {
        let gate = profile.gate(for: refusal, rendition: rendition.name)
        return Outcome(
            rendition: rendition.name, refusal: gate, code: refusal.code, gates: [gate])
    }

    private func asked<Value: Sendable>(
        _ question: () async throws(WorkerFailure) -> Value
    ) async throws(Failure) -> Value {
        do throws(WorkerFailure) { return try await question() } catch { throw .worker(error) }
    }
}
