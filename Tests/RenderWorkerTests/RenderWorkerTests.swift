import Export
import Foundation
import Model
import PictureSupport
import Rendering
import Testing
import Wire

@Suite("Render worker")
struct RenderWorkerTests {
    let bench: Workbench

    init() throws { bench = try Workbench() }

    @Test("paints and verifies in two processes that agree with us")
    func paints() async throws {
        try bench.draw("a.png")
        let renderer = bench.renderer()
        let verifier = bench.verifier()
        let greeting = try await renderer.start()
        #expect(greeting.versions["libvips"] != nil)
        _ = try await verifier.start()
        guard
            case .rendered(let outcomes) = try await renderer.ask(
                bench.render("a.png"), deadline: 30),
            case .made(_, let file, let quality, _) = outcomes[0]
        else {
            Issue.record("nothing was made")
            return
        }
        #expect(quality == 90)
        let request = VerifyRequest(
            file: file, format: .jpeg, background: Color(red: 255, green: 255, blue: 255))
        guard case .verified(let receipt) = try await verifier.ask(.verify(request), deadline: 30)
        else {
            Issue.record("nothing was measured")
            return
        }
        #expect(receipt.sha256 == .of(try bench.output.read(file)))
        #expect(receipt.rings.count == Receipt.Ring.shares.count)
        #expect(renderer.usage.requests == 1)
        #expect(renderer.usage.megabytes > 0)
        await renderer.stop()
        await verifier.stop()
        #expect(bench.scratch.names.isEmpty)
    }

    @Test("a bad master is an answer, and the worker goes on")
    func badMaster() async throws {
        try bench.masters.write(Data("no picture".utf8), as: "bad.png")
        try bench.draw("good.png")
        let worker = bench.renderer()
        _ = try await worker.start()
        guard
            case .refused(let refusal) = try await worker.ask(bench.inspect("bad.png"), deadline: 9)
        else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.code == .unreadable)
        guard
            case .inspected(let about) = try await worker.ask(
                bench.inspect("good.png"), deadline: 9)
        else {
            Issue.record("refused")
            return
        }
        #expect(about.size == PixelSize(width: 200, height: 200))
        await worker.stop()
    }

    @Test("reads an .xmp behind its walls, and the next after a bad one")
    func describes() async throws {
        let worker = bench.renderer()
        let greeting = try await worker.start()
        #expect(greeting.layers.first { $0.name == "seccomp" }?.on == true)
        for (name, text) in [
            ("good.xmp", "<dc:rights>me</dc:rights>"), ("broken.xmp", "<dc:rights>"),
            ("again.xmp", "<dc:rights>you</dc:rights>"),
        ] {
            let packet = """
                <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
                <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">\
                \(text)</rdf:Description></rdf:RDF>
                """
            try bench.masters.write(Data(packet.utf8), as: name)
        }
        func ask(_ name: String) async throws -> WorkerReply {
            try await worker.ask(.readXMP(ReadXMPRequest(file: name)), deadline: 9)
        }
        for (name, owner) in [("good.xmp", "me"), ("broken.xmp", nil), ("again.xmp", "you")] {
            switch try await ask(name) {
            case .xmp(let metadata): #expect(metadata.kept["copyright"] == owner)
            case .refused(let refusal): #expect(owner == nil && refusal.code == .unreadable)
            default: Issue.record("an answer to another question")
            }
        }
        await worker.stop()
    }

    @Test("killed by somebody else, it died")
    func killed() async throws {
        let worker = bench.renderer()
        _ = try await worker.start()
        let pid = try #require(worker.pid)
        kill(pid, SIGSTOP)
        async let pending = failure(of: worker, bench.inspect("a.png"))
        kill(pid, SIGKILL)
        let failure = try #require(await pending)
        #expect(failure.isDeath)
        #expect(failure.description.contains("signal 9"))
        // Gone for good, and reaped.
        #expect(kill(pid, 0) != 0)
        #expect(await self.failure(of: worker, bench.inspect("a.png")) == failure)
    }

    @Test("killed by us at the deadline, it hung")
    func hung() async throws {
        let worker = bench.renderer()
        _ = try await worker.start()
        let pid = try #require(worker.pid)
        kill(pid, SIGSTOP)
        await #expect(throws: WorkerFailure.hung(seconds: 0.1)) {
            try await worker.ask(bench.inspect("a.png"), deadline: 0.1)
        }
        #expect(kill(pid, 0) != 0)
    }

    @Test("stopped by us, even while it works, it is neither")
    func stopped() async throws {
        let worker = bench.renderer()
        _ = try await worker.start()
        let pid = try #require(worker.pid)
        kill(pid, SIGSTOP)
        async let pending = failure(of: worker, bench.inspect("a.png"))
        await worker.stop()
        #expect(await pending == .stopped)
        await #expect(throws: WorkerFailure.stopped) { try await worker.start() }
        #expect(kill(pid, 0) != 0)
    }

    @Test("says why it does not start")
    func doesNotStart() async throws {
        let absent = RenderWorker(
            executable: "/nonexistent/sluice-render", role: .verify(finished: bench.output.path))
        let failure = await #expect(throws: WorkerFailure.self) { try await absent.start() }
        #expect(failure?.description.contains("'/nonexistent/sluice-render'") == true)
        let lost = RenderWorker(
            executable: Workbench.executable, role: .verify(finished: "/nonexistent/finished"))
        let why = await #expect(throws: WorkerFailure.self) { try await lost.start() }
        #expect(why?.isDeath == false)
        #expect(why?.description.contains("cannot open '/nonexistent/finished'") == true)
        let mute = RenderWorker(
            executable: "/bin/true", role: .verify(finished: bench.output.path))
        await #expect(throws: WorkerFailure.couldNotStart("exit status 0")) {
            try await mute.start()
        }
    }

    @Test("a request for the wrong role or outside the directory ends it")
    func wrongRequest() async throws {
        for (worker, request, words) in [
            (bench.verifier(), bench.inspect("a.png"), "other role"),
            (bench.renderer(), bench.inspect("../a.png"), "leaves its directory"),
        ] {
            _ = try await worker.start()
            let failure = await #expect(throws: WorkerFailure.self) {
                try await worker.ask(request, deadline: 9)
            }
            #expect(failure?.description.contains("exit status 70") == true)
            #expect(failure?.description.contains(words) == true)
        }
    }

    private func failure(
        of worker: RenderWorker, _ request: WorkerRequest
    ) async -> WorkerFailure? {
        do throws(WorkerFailure) {
            _ = try await worker.ask(request, deadline: 60)
            return nil
        } catch {
            return error
        }
    }
}
