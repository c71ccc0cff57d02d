import CHost
import Foundation
import Host
import Model
import Testing

@Suite struct FilesTests {
    private let scratch = Scratch()
    private struct Stop: Error {}

    @Test func replacesWholeFilesOnly() throws {
        let path = scratch.write("old", "ledger")
        try Files.write(Data("new".utf8), to: path, mode: 0o644)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
        #expect(scratch.names == ["ledger"])
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o644)
    }

    @Test func waitsForNobodyToWriteIntoAPipe() throws {
        mkfifo(scratch.file("pipe"), 0o600)
        let pipe = try OpenFile.open(scratch.file("pipe"), O_RDONLY)
        #expect(try Files.digest(pipe).bytes == 0)
    }

    @Test func leavesNothingBehindWhenFillingFails() throws {
        let path = scratch.write("old", "ledger")
        #expect(throws: HostError.self) {
            try Files.replace(path) { file throws(HostError) in
                var failed: HostError?
                Data("half".utf8).withUnsafeBytes { bytes in
                    do throws(HostError) { try file.write(bytes) } catch { failed = error }
                }
                if let failed { throw failed }
                throw HostError("fill", path, ENOSPC)
            }
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
        #expect(scratch.names == ["ledger"])
    }

    @Test func leavesNothingBehindWhenTheNameCannotBeTaken() throws {
        mkdir(scratch.file("taken"), 0o700)
        let failure = #expect(throws: HostError.self) {
            try Files.write(Data("x".utf8), to: scratch.file("taken"))
        }
        #expect(failure?.call == "rename" && failure?.errno == EISDIR)
        #expect(scratch.names == ["taken"])
    }

    @Test func namesAFullDisk() throws {
        let full = try OpenFile.open("/dev/full", O_WRONLY)
        var failure: HostError?
        Data("x".utf8).withUnsafeBytes { bytes in
            do throws(HostError) { try full.write(bytes) } catch { failure = error }
        }
        #expect(failure?.isFullDisk == true)
        #expect(failure?.description == "cannot write '/dev/full': No space left on device")
    }

    @Test func digestsWhatStandsThere() throws {
        let path = scratch.write("abc", "abc")
        let digest = try Files.digest(path: path)
        #expect(digest.bytes == 3)
        #expect(digest.sha256.rawValue.hasPrefix("ba7816bf8f01cfea414140de5dae2223"))
        #expect(digest.sha256.rawValue.hasSuffix("b410ff61f20015ad"))
    }

    @Test func digestStopsAtItsLimit() throws {
        let path = scratch.write(String(repeating: "x", count: 1000), "long")
        let failure = #expect(throws: HostError.self) {
            try Files.digest(OpenFile.open(path, O_RDONLY), limit: 999)
        }
        #expect(failure?.errno == EFBIG)
    }

    @Test func makesDirectoriesOnTheWay() throws {
        try Files.makeDirectory(scratch.file("a/b/c"))
        try Files.makeDirectory(scratch.file("a/b/c"))
        #expect(try Files.names(in: scratch.file("a/b")) == ["c"])
        scratch.write("x", "plain")
        #expect(throws: HostError.self) { try Files.makeDirectory(scratch.file("plain/b")) }
    }

    @Test func removesWhatMayBeGone() throws {
        let path = scratch.write("x", "x")
        try Files.remove(path)
        try Files.remove(path)
        #expect(!Files.exists(path))
        #expect(throws: HostError.self) { try Files.remove(scratch.path) }
    }

    @Test func refusesASecondOwner() throws {
        let path = scratch.file("lock")
        do {
            let first = try FileLock(path)
            #expect(try isTaken(path))
            _ = first
        }
        #expect(try !isTaken(path))
    }

    private func isTaken(_ path: String) throws(HostError) -> Bool {
        switch try FileLock(path) {
        case .none: true
        case .some: false
        }
    }
}

@Suite struct OpenBeneathTests {
    private let scratch = Scratch()

    private func failure(_ name: String, _ flags: Int32 = O_RDONLY) -> Int32? {
        do throws(HostError) {
            let directory = try OpenFile.open(scratch.path, O_RDONLY | O_DIRECTORY)
            _ = try directory.openBeneath(name, flags)
            return nil
        } catch {
            return error.errno
        }
    }

    @Test func opensPlainFilesBelow() throws {
        mkdir(scratch.file("batch"), 0o700)
        scratch.write("bytes", "batch/a.jpg")
        let directory = try OpenFile.open(scratch.path, O_RDONLY | O_DIRECTORY)
        let file = try directory.openBeneath("batch/a.jpg")
        #expect(try file.read(limit: 100) == Data("bytes".utf8))
        #expect(try file.read(limit: 100).isEmpty)
        #expect(try file.status().st_size == 5)
    }

    /// Under systemd's RestrictSUIDSGID there is no openat2: the walk must answer alike.
    @Test func walksWhereThereIsNoOpenat2() throws {
        mkdir(scratch.file("batch"), 0o700)
        mkdir(scratch.file("batch/deep"), 0o700)
        scratch.write("bytes", "batch/deep/a.jpg")
        symlink("/etc", scratch.file("out"))
        symlink("batch", scratch.file("in"))
        symlink("deep/a.jpg", scratch.file("batch/link.jpg"))
        let directory = try OpenFile.open(scratch.path, O_RDONLY | O_DIRECTORY)
        let names = [
            "batch/deep/a.jpg", "batch//deep/a.jpg", "batch", "batch/", "batch/deep/a.jpg/",
            "batch/deep/../deep/a.jpg/x", "..", "../x", "/etc/passwd", "", "missing", "missing/x",
            "out/passwd", "in/deep/a.jpg", "batch/link.jpg", "batch/deep/a.jpg/b",
            "batch/" + String(repeating: "n", count: 300),
        ]
        for name in names {
            let kernel = sluice_open_beneath(directory.descriptor, name, O_RDONLY)
            let walked = sluice_walk_beneath(directory.descriptor, name, O_RDONLY)
            #expect((kernel < 0) == (walked < 0), "'\(name)': \(kernel), \(walked)")
            if kernel < 0, name.contains("out") || name.contains("in/") || name.contains("link") {
                #expect(walked == -ELOOP, "'\(name)'")
            }
            for descriptor in [kernel, walked] where descriptor >= 0 { close(descriptor) }
        }
        // The kernel allows '..' that stays below; the walk need not.
        #expect(sluice_walk_beneath(directory.descriptor, "batch/../batch", O_RDONLY) == -EXDEV)
    }

    @Test func neverLeavesTheDirectory() {
        #expect(failure("../\(scratch.path.split(separator: "/").last!)/x") == EXDEV)
        #expect(failure("/etc/passwd") == EXDEV)
        #expect(failure("missing") == ENOENT)
    }

    @Test func followsNoLink() {
        scratch.write("x", "real")
        symlink(scratch.file("real"), scratch.file("link"))
        symlink(scratch.path, scratch.file("loop"))
        #expect(failure("link") == ELOOP)
        #expect(failure("loop/real") == ELOOP)
    }

    @Test func neverWaitsForAPipe() {
        mkfifo(scratch.file("fifo"), 0o600)
        #expect(failure("fifo") == nil)
    }
}

@Suite struct DirectoryStreamTests {
    private let scratch = Scratch()

    @Test func givesNamesAsTheBytesTheyAre() throws {
        let latin: [CChar] = scratch.file("gr").utf8CString.dropLast() + [-4, 110, 0]
        close(open(latin, O_CREAT | O_WRONLY, 0o600))
        let stream = try DirectoryStream(scratch.path)
        let name = try stream.next()
        #expect(name == [0x67, 0x72, 0xFC, 0x6E])
        #expect(stream.status(of: name ?? [])?.st_size == 0)
        #expect(try stream.next() == nil)
        #expect(stream.status(of: Array("missing".utf8)) == nil)
    }

    @Test func opensNoLinkAndNoFile() throws {
        mkdir(scratch.file("inner"), 0o700)
        symlink(scratch.file("inner"), scratch.file("link"))
        scratch.write("x", "file")
        let stream = try DirectoryStream(scratch.path)
        #expect(try stream.open("inner").next() == nil)
        #expect(throws: HostError.self) { try stream.open("link") }
        #expect(throws: HostError.self) { try stream.open("file") }
        #expect(throws: HostError.self) { try stream.open("../\(scratch.path)") }
    }
}
