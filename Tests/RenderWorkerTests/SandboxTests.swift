import Export
import Foundation
import Host
import Model
import PictureSupport
import Rendering
import Testing
import Wire

@Suite("Sandbox")
struct SandboxTests {
    let bench: Workbench

    init() throws { bench = try Workbench() }

    @Test("every wall stands")
    func layers() async throws {
        let worker = bench.renderer()
        let greeting = try await worker.start()
        await worker.stop()
        #expect(
            greeting.layers.map(\.name) == [
                "out-of-memory-first", "no-new-privileges", "not-dumpable", "limits", "landlock",
                "vectors", "seccomp",
            ])
        for layer in greeting.layers { #expect(layer.on, "\(layer.name): \(layer.detail)") }
    }

    @Test("from inside, nothing can be reached that is not its business")
    func probe() throws {
        let child = try ChildProcess(
            .init(
                Workbench.executable,
                [
                    "--role", "render", "--masters", bench.masters.path, "--output",
                    bench.output.path, "--probe",
                ]))
        var told = Data()
        let deadline = Deadline(seconds: 20)
        while let byte = try? child.read(1, until: deadline) { told += byte }
        #expect(try child.waitForEnd(until: deadline) == .exited(0))
        let results = try JSONDecoder().decode([String: String].self, from: told)
        let allowed = ["read /usr", "start a thread"]
        let forbidden = [
            "unix socket", "internet socket", "read /etc/passwd", "list /", "write beside",
            "truncate", "change mode", "signal the parent", "exec", "spawn",
        ]
        for name in allowed { #expect(results[name] == "done", "\(name)") }
        let refusals = [
            "Operation not permitted", "Permission denied", "Function not implemented",
        ]
        for name in forbidden {
            let result = results[name] ?? "not tried"
            #expect(refusals.contains(result), "\(name): \(result)")
        }
    }

    @Test("a link out of the masters leads nowhere")
    func link() async throws {
        try bench.draw("inside.png")
        let outside = try Folder()
        try FileManager.default.moveItem(
            atPath: bench.masters["inside.png"], toPath: outside["outside.png"])
        try FileManager.default.createSymbolicLink(
            atPath: bench.masters["link.png"], withDestinationPath: outside["outside.png"])
        let worker = bench.renderer()
        _ = try await worker.start()
        guard
            case .refused(let refusal) = try await worker.ask(
                bench.inspect("link.png"), deadline: 9)
        else {
            Issue.record("it was followed")
            return
        }
        #expect(refusal.code == .resources)
        await worker.stop()
    }

    @Test(
        "garbage for a request ends it with a reason",
        arguments: [[0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 2, 0x7B, 0x7D], [0, 0]] as [[UInt8]])
    func garbage(bytes: [UInt8]) throws {
        let child = try ChildProcess(
            .init(Workbench.executable, ["--role", "verify", "--finished", bench.output.path]))
        let deadline = Deadline(seconds: 20)
        let length = try WorkerFrame.length(child.read(4, until: deadline))
        _ = try child.read(length, until: deadline)
        try child.write(Data(bytes), until: deadline)
        child.closeInput()
        #expect(try child.waitForEnd(until: deadline) == .exited(70))
        #expect(child.lastWords.hasPrefix("sluice-render: "))
    }

    @Test("the end of its input is the end of it")
    func endOfInput() throws {
        let child = try ChildProcess(
            .init(Workbench.executable, ["--role", "verify", "--finished", bench.output.path]))
        child.closeInput()
        #expect(try child.waitForEnd(until: Deadline(seconds: 20)) == .exited(0))
        #expect(child.lastWords.isEmpty)
    }

    @Test("bombs are refused by their headers, without their memory")
    func bombs() async throws {
        try Drawing(1, 20_000, color: [9]).paged(height: 1).save(
            "gifsave", to: bench.masters["frames.gif"])
        try Drawing(4, 3000, color: [9, 9, 9]).paged(height: 1).save(
            "tiffsave", to: bench.masters["pages.tif"])
        try Drawing(64, 64, color: [9, 99, 9]).save(
            "heifsave", to: bench.masters["huge.avif"], ["compression": "av1"])
        var avif = try bench.masters.read("huge.avif")
        let box = try #require(avif.range(of: Data("ispe".utf8)))
        // Version and flags, then width and height as 32 bits.
        avif.replaceSubrange(
            box.upperBound + 4..<box.upperBound + 12, with: [0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50])
        try bench.masters.write(avif, as: "huge.avif")
        // The other way round: a small header before a large picture.
        let large = ["x": "0", "y": "0", "width": "4000", "height": "4000", "extend": "copy"]
        try Drawing(20, 20, color: [9, 99, 9]).call("embed", large).save(
            "heifsave", to: bench.masters["hidden.heic"], ["compression": "hevc", "effort": "0"])
        var heic = try bench.masters.read("hidden.heic")
        let size = try #require(heic.range(of: Data("ispe".utf8)))
        heic.replaceSubrange(
            size.upperBound + 4..<size.upperBound + 12, with: [0, 0, 0, 64, 0, 0, 0, 64])
        try bench.masters.write(heic, as: "hidden.heic")
        let worker = bench.renderer()
        _ = try await worker.start()
        let pid = try #require(worker.pid)
        let before = try peak(pid)
        for (name, format) in [
            ("frames.gif", ImageFormat.gif), ("pages.tif", .tiff), ("huge.avif", .avif),
            ("hidden.heic", .heic),
        ] {
            let reply = try await worker.ask(bench.inspect(name, format), deadline: 60)
            guard case .refused(let refusal) = reply else {
                Issue.record("\(name) accepted: \(reply)")
                continue
            }
            #expect(refusal.blamesMaster, "\(refusal)")
        }
        let after = try peak(pid)
        #expect(after - before < 30_000, "\(after) kB after \(before)")
        await worker.stop()
    }

    /// Kilobytes of memory the process had at most.
    private func peak(_ pid: Int32) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return try #require(line.flatMap { Int($0.filter(\.isNumber)) })
    }
}
