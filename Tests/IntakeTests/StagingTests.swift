import Foundation
import Host
import Model
import Testing

@testable import Intake

@Suite struct StagingTests {
    private let scratch = Scratch()
    private let nothing = Declaration(assets: [])

    private func stage(
        _ path: String, _ declared: Declaration? = nil, maxBytes: Int64 = 2 << 30,
        interrupt: @escaping @Sendable (Spool.Step) -> Void = { _ in }
    ) throws -> Result<Staged, Rejection> {
        let settings = try scratch.settings(maxBytes: maxBytes)
        let candidate = try #require(try scratch.all(settings).first { $0.path == path })
        return Spool(settings, interrupt: interrupt)
            .stage(candidate, into: scratch.masters, declared: declared ?? nothing)
    }

    private var copies: [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: scratch.masters)) ?? []).sorted()
    }

    @Test func copiesUnderTheHashAndLeavesTheSource() throws {
        try scratch.write(Picture.jpeg("front"), "sub/a.jpg")
        let before = try scratch.contents()
        let staged = try stage("sub/a.jpg").get()
        #expect(staged.sha256 == ContentHash.of(Picture.jpeg("front")))
        #expect(staged.bytes == Int64(Picture.jpeg("front").count))
        #expect(staged.format == .jpeg && staged.note == nil)
        let shelf = String(staged.sha256.rawValue.prefix(2))
        #expect(copies == [shelf, shelf + "/" + staged.sha256.rawValue])
        let copy = scratch.masters + "/" + copies[1]
        #expect(FileManager.default.contents(atPath: copy) == Picture.jpeg("front"))
        #expect(try scratch.contents() == before)
    }

    @Test func theSameBytesTwiceAreOneMaster() throws {
        try scratch.write(Picture.jpeg, "a.jpg")
        try scratch.write(Picture.jpeg, "b.jpg")
        #expect(try stage("a.jpg").get() == stage("b.jpg").get())
        #expect(copies.count == 2)
    }

    @Test func mendsACopyThatWasCutShort() throws {
        try scratch.write(Picture.jpeg("whole"), "a.jpg")
        _ = try stage("a.jpg").get()
        let copy = scratch.masters + "/" + copies[1]
        #expect(truncate(copy, 3) == 0)
        _ = try stage("a.jpg").get()
        #expect(FileManager.default.contents(atPath: copy) == Picture.jpeg("whole"))
    }

    /// As long as before, and not what its name says: bit rot, or somebody who may write there.
    @Test func mendsACopyWhoseBytesHaveChanged() throws {
        try scratch.write(Picture.jpeg("whole"), "a.jpg")
        _ = try stage("a.jpg").get()
        let copy = scratch.masters + "/" + copies[1]
        overwriteBytes(copy)
        #expect(FileManager.default.contents(atPath: copy) != Picture.jpeg("whole"))
        _ = try stage("a.jpg").get()
        #expect(FileManager.default.contents(atPath: copy) == Picture.jpeg("whole"))
        #expect(copies.count == 2)
    }

    @Test func goesByContentNotByName() throws {
        try scratch.write(Picture.png, "a.jpg")
        let staged = try stage("a.jpg").get()
        #expect(staged.format == .png)
        #expect(staged.note == "'a.jpg' is png whatever its name says")
    }

    @Test(arguments: [
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "%!PS-Adobe-3.0 EPSF-3.0",
        "push graphic-context\n", "<?xml version=\"1.0\"?><svg/>", "x", "GIF8",
    ])
    func refusesWhatIsNoPicture(_ text: String) throws {
        try scratch.write(text, "a.jpg")
        let rejection = try #require(throws: Rejection.self) { try stage("a.jpg").get() }
        #expect(rejection.code == .notAPicture)
        let head = Data(text.utf8)
        #expect(rejection.message == ForeignFile(head).told(of: "a.jpg"), "\(rejection)")
        #expect(copies.isEmpty)
    }

    @Test func refusesWhatIsNoPlainFile() throws {
        let real = try scratch.write(Picture.jpeg, "real.jpg")
        symlink(real, scratch.spool + "/link.jpg")
        mkfifo(scratch.spool + "/fifo.jpg", 0o600)
        try bindSocket(scratch.path + "/s", movedTo: scratch.spool + "/socket.jpg")
        try scratch.write(Picture.jpeg("2"), "hard.jpg")
        link(scratch.spool + "/hard.jpg", scratch.path + "/outside.jpg")
        try scratch.write("", "empty.jpg")
        try scratch.write(Picture.jpeg("too long for the limit"), "big.jpg")
        let codes: [String: Rejection.Code] = [
            "link.jpg": .symlink, "fifo.jpg": .fifo, "socket.jpg": .socket, "hard.jpg": .hardLink,
            "empty.jpg": .empty, "big.jpg": .tooBig,
        ]
        for (path, code) in codes {
            #expect(try stage(path, maxBytes: 30).code == code, "\(path)")
            let read = try scratch.read(path, scratch.settings(maxBytes: 30))
            #expect(read.code == code, "\(path)")
        }
        #expect(copies.isEmpty)
    }

    /// Not every root may: containers forbid it.
    private static func makeDevice(_ path: String) -> Bool {
        // Character device 1:3 is /dev/null.
        mknod(path, S_IFCHR | 0o600, 0x103) == 0
    }

    private static let mayMakeDevices: Bool = {
        let scratch = Scratch()
        return makeDevice(scratch.spool + "/null")
    }()

    @Test(.enabled(if: mayMakeDevices, "making a device node is forbidden here"))
    func refusesDevices() throws {
        try #require(Self.makeDevice(scratch.spool + "/null.jpg"))
        #expect(try stage("null.jpg").code == .device)
    }

    /// A socket's path has a short limit, so it is bound elsewhere and moved in.
    private func bindSocket(_ short: String, movedTo path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(short.utf8)) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
        try #require(rename(short, path) == 0)
    }

    @Test func noticesEveryChangeWhileItCopies() throws {
        let changes: [(String, @Sendable (String) -> Void)] = [
            ("grown", { path in appendBytes(path) }),
            ("truncated", { path in truncate(path, 5) }),
            (
                "replaced",
                { path in
                    try? Picture.jpeg("other").write(to: URL(filePath: path + "2"))
                    rename(path + "2", path)
                }
            ),
            ("removed", { path in unlink(path) }),
            ("overwritten", { path in overwriteBytes(path) }),
        ]
        for step in [Spool.Step.opened, .copied] {
            for (name, change) in changes {
                let path = try scratch.write(Picture.jpeg("some bytes"), "a.jpg")
                let result = try stage("a.jpg") { if $0 == step { change(path) } }
                #expect(result.code == .changed, "\(name) after \(step)")
                guard case .failure(let rejection) = result else { continue }
                #expect(rejection.transient)
                #expect(copies.isEmpty, "\(name) after \(step)")
            }
        }
    }

    @Test func noticesAFileThatIsNotTheScannedOne() throws {
        try scratch.write(Picture.jpeg("old"), "a.jpg")
        let candidate = try #require(try scratch.all().first)
        try scratch.write(Picture.jpeg("new"), "a.jpg")
        let spool = Spool(try scratch.settings())
        func staged() -> Result<Staged, Rejection> {
            spool.stage(candidate, into: scratch.masters, declared: nothing)
        }
        #expect(staged().code == .changed)
        unlink(scratch.spool + "/a.jpg")
        #expect(staged().code == .vanished)
        symlink("/etc/passwd", scratch.spool + "/a.jpg")
        #expect(staged().code == .symlink)
        unlink(scratch.spool + "/a.jpg")
        mkfifo(scratch.spool + "/a.jpg", 0o600)
        #expect(staged().code == .fifo)
        #expect(copies.isEmpty)
    }

    @Test func neverFollowsADirectoryThatBecameALink() throws {
        try scratch.write(Picture.jpeg, "sub/a.jpg")
        let candidate = try #require(try scratch.all().first)
        rename(scratch.spool + "/sub", scratch.path + "/elsewhere")
        symlink(scratch.path + "/elsewhere", scratch.spool + "/sub")
        let staged = Spool(try scratch.settings())
            .stage(candidate, into: scratch.masters, declared: nothing)
        #expect(staged.code == .symlink)
    }

    @Test func comparesWhatWasDeclared() throws {
        let bytes = Picture.jpeg("declared")
        try scratch.write(bytes, "a.jpg")
        var declared = Declaration(assets: [], bytes: Int64(bytes.count), sha256: .of(bytes))
        #expect(throws: Never.self) { try stage("a.jpg", declared).get() }
        declared.sha256 = .of(Data("flipped".utf8))
        let flipped = try stage("a.jpg", declared)
        #expect(flipped.code == .hashMismatch && flipped.message.hasPrefix("hash mismatch"))
        declared.bytes = 5
        let short = try stage("a.jpg", declared)
        #expect(short.code == .hashMismatch && short.message.contains("but 5 were declared"))
        #expect(copies.count == 2)
    }

    @Test func aHostThatCannotStoreIsNotTheFilesFault() throws {
        try scratch.write(Picture.jpeg, "a.jpg")
        let candidate = try #require(try scratch.all().first)
        let staged = Spool(try scratch.settings())
            .stage(candidate, into: "/proc/sluice/masters", declared: nothing)
        guard case .failure(let rejection) = staged else {
            Issue.record("stored in /proc")
            return
        }
        #expect(rejection.code == .host && rejection.transient && rejection.host != nil)
    }

    @Test func sweepsOnlyWhatWasNotFinished() throws {
        try scratch.write(Picture.jpeg, "a.jpg")
        _ = try stage("a.jpg").get()
        try Files.write(Data("half".utf8), to: scratch.masters + "/12-34.tmp")
        let before = copies
        try Spool.sweep(scratch.masters)
        #expect(copies == before.filter { $0 != "12-34.tmp" })
        try Spool.sweep(scratch.path + "/never-made")
    }
}

private func appendBytes(_ path: String) {
    let file = fopen(path, "a")
    fputs("more", file)
    fclose(file)
}

/// The same size and, as a hostile writer would have it, the same mtime.
private func overwriteBytes(_ path: String) {
    var status = stat()
    stat(path, &status)
    let descriptor = open(path, O_WRONLY)
    withUnsafeBytes(of: UInt8(ascii: "X")) { _ = pwrite(descriptor, $0.baseAddress, 1, 20) }
    futimens(descriptor, [status.st_atim, status.st_mtim])
    close(descriptor)
}
