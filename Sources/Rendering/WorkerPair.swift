package import Host
package import Model
private import Synchronization
package import Wire

/// A worker that renders, one that never sees a master and verifies, and the directory both may see: the
/// one way in which pictures are looked at, made and measured, by the daemon and without it. Answers are
/// checked here; what follows from them is the caller's.
///
/// After a failure the processes are gone, and the next question gets new ones.
package final class WorkerPair: Sendable {
    /// Seconds an answer may take.
    package struct Timeouts: Sendable {
        package var inspecting = 20.0
        /// All renditions of a master.
        package var rendering = 180.0
        /// One of them by itself.
        package var renderingOne = 90.0
        package var verifying = 60.0

        package init() {}

        package init(all seconds: Double) {
            (inspecting, rendering, renderingOne, verifying) = (seconds, seconds, seconds, seconds)
        }
    }

    package enum Answer<Value: Sendable>: Sendable {
        case given(Value)
        /// Neither for want of memory, which is a failure.
        case refused(Refusal)
    }

    /// Workers are replaced after so many requests or megabytes: leaks stay small.
    private enum Limit {
        static let requests = 400
        static let megabytes = 4_000.0
    }

    private typealias Processes = (renderer: RenderWorker, verifier: RenderWorker)

    private let executable: String
    private let directory: JobDirectory
    private let lane: Lane
    private let timeouts: Timeouts
    private let greeted: @Sendable (WorkerGreeting) -> Void
    private let state = Mutex<(processes: Processes?, closed: Bool)>((nil, false))

    /// - Parameters:
    ///   - executable: path of `sluice-render`.
    ///   - lane: for what blocks.
    ///   - greeted: called whenever new processes have started.
    package init(
        executable: String, directory: JobDirectory, lane: Lane, timeouts: Timeouts = Timeouts(),
        greeted: @escaping @Sendable (WorkerGreeting) -> Void = { _ in }
    ) {
        self.executable = executable
        self.directory = directory
        self.lane = lane
        self.timeouts = timeouts
        self.greeted = greeted
    }

    // MARK: Questions

    /// Lets the workers see a file of a store; see `JobDirectory.lend`.
    package func lend(
        _ file: ContentHash, from store: String
    ) async throws(HostError) -> ContentHash? {
        let directory = directory
        return try await lane.run { () throws(HostError) in try directory.lend(file, from: store) }
    }

    package func inspect(
        _ master: ContentHash, _ format: ImageFormat
    ) async throws(WorkerFailure) -> Answer<Inspection> {
        let request = InspectRequest(master: JobDirectory.name(of: master), format: format)
        switch try await ask(.inspect(request), of: \.renderer, within: timeouts.inspecting) {
        case .inspected(let inspection):
            guard inspection.isBounded else {
                throw await end(.nonsense("a picture out of all bounds"))
            }
            return .given(inspection)
        case .refused(let refusal): return .refused(refusal)
        default: throw await end(Self.otherAnswer)
        }
    }

    /// Reads a lent `.xmp`.
    package func readXMP(
        _ file: ContentHash
    ) async throws(WorkerFailure) -> Answer<PictureMetadata> {
        let request = ReadXMPRequest(file: JobDirectory.name(of: file))
        switch try await ask(.readXMP(request), of: \.renderer, within: timeouts.inspecting) {
        case .xmp(let metadata):
            guard metadata.isBounded else { throw await end(.nonsense("metadata without end")) }
            return .given(metadata)
        case .refused(let refusal): return .refused(refusal)
        default: throw await end(Self.otherAnswer)
        }
    }

    /// Makes renditions of a lent master.
    /// - Parameters:
    ///   - items: no key twice.
    ///   - measured: what inspecting the master has found.
    /// - Returns: an outcome for each item, in their order; some may have been refused for want of memory.
    package func render(
        _ items: [RenderRequest.Item], of master: ContentHash, _ format: ImageFormat,
        measured: PictureMeasurement?
    ) async throws(WorkerFailure) -> Answer<[RenderOutcome]> {
        let request = RenderRequest(
            master: JobDirectory.name(of: master), format: format, measured: measured, items: items)
        let seconds = items.count == 1 ? timeouts.renderingOne : timeouts.rendering
        switch try await ask(.render(request), of: \.renderer, within: seconds) {
        case .rendered(let outcomes):
            guard outcomes.map(\.key) == items.map(\.key) else {
                throw await end(.nonsense("other renditions than those that were asked for"))
            }
            for (outcome, item) in zip(outcomes, items) {
                if let fault = outcome.fault(of: item) { throw await end(.nonsense(fault)) }
            }
            return .given(outcomes)
        case .refused(let refusal): return .refused(refusal)
        default: throw await end(Self.otherAnswer)
        }
    }

    /// Measures a file that was made.
    package func verify(
        _ file: String, of recipe: Recipe, quality: Int?, expected: Expectation?
    ) async throws(WorkerFailure) -> Answer<Receipt> {
        let request = VerifyRequest(
            file: file, format: recipe.format, background: recipe.background, expected: expected)
        switch try await ask(.verify(request), of: \.verifier, within: timeouts.verifying) {
        case .verified(var receipt):
            guard receipt.isBounded else { throw await end(.nonsense("a file out of all bounds")) }
            receipt.quality = quality
            return .given(receipt)
        case .refused(let refusal): return .refused(refusal)
        default: throw await end(Self.otherAnswer)
        }
    }

    // MARK: Processes

    /// Ends the processes, even at work.
    /// - Parameter forGood: no others are started.
    package func close(forGood: Bool = false) async {
        let old = state.withLock { state in
            defer { state = (nil, state.closed || forGood) }
            return state.processes
        }
        await old?.renderer.stop()
        await old?.verifier.stop()
    }

    private static let otherAnswer = WorkerFailure.nonsense("an answer to another question")

    private func ask(
        _ request: WorkerRequest, of role: @Sendable (Processes) -> RenderWorker,
        within seconds: Double
    ) async throws(WorkerFailure) -> WorkerReply {
        do throws(WorkerFailure) {
            let reply = try await role(processes()).ask(request, deadline: seconds)
            if case .refused(let refusal) = reply, refusal.code == .memory {
                throw .swelled(refusal.message)
            }
            return reply
        } catch {
            throw await end(error)
        }
    }

    private func end(_ failure: WorkerFailure) async -> WorkerFailure {
        await close()
        return failure
    }

    private func processes() async throws(WorkerFailure) -> Processes {
        let (processes, closed) = state.withLock(\.self)
        if closed { throw .stopped }
        if let processes {
            let usage = processes.renderer.usage
            if usage.requests < Limit.requests, usage.megabytes < Limit.megabytes {
                return processes
            }
            await close()
        }
        let directory = directory
        do {
            try await lane.run { () throws(HostError) in try directory.make() }
        } catch {
            throw .couldNotStart("\(error)")
        }
        let fresh: Processes = (
            RenderWorker(
                executable: executable,
                role: .render(masters: directory.masters, output: directory.finished)),
            RenderWorker(executable: executable, role: .verify(finished: directory.finished))
        )
        do throws(WorkerFailure) {
            greeted(try await fresh.renderer.start())
            _ = try await fresh.verifier.start()
            if keep(fresh) { return fresh }
        } catch {
            await fresh.renderer.stop()
            throw error
        }
        await fresh.renderer.stop()
        await fresh.verifier.stop()
        throw .stopped
    }

    /// - Returns: false when it was closed for good meanwhile.
    private func keep(_ fresh: Processes) -> Bool {
        state.withLock { state in
            if !state.closed { state.processes = fresh }
            return !state.closed
        }
    }
}

extension RenderOutcome {
    /// What is wrong with the answer, whatever the picture.
    fileprivate func fault(of item: RenderRequest.Item) -> String? {
        guard case .made(let key, let file, _, let expected) = self else { return nil }
        if file != "\(key).\(item.recipe.format.fileExtension)" { return "a file of another name" }
        return expected?.isBounded ?? true ? nil : "a file out of all bounds"
    }
}
