import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

@Suite struct FolderFaultTests {
    private let folder: TemporaryDirectory
    private let file: Outgoing
    private let root: String

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data("a rendition".utf8), in: folder)
        root = try folder.makeDirectory("out")
    }

    private func transport(_ path: String, mode: Int = 0o644) throws -> any Transport {
        try make(FolderOptions(path + "/", mode: mode), in: folder)
    }

    private func putError(_ path: String, _ name: String = "a.jpg") async throws -> DeliveryError {
        let transport = try transport(path)
        let name = try remote(name)
        return try #require(
            await #expect(throws: DeliveryError.self) {
                try await transport.put(file, as: name)
            })
    }

    @Test func aMissingRootIsTheHostsBusiness() async throws {
        let error = try await putError(folder.path("nowhere"))
        #expect(error.remedy == .fixHost)
        #expect(error.message.contains("make it or mount it"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("nowhere")))
    }

    @Test func theModeIsTheProfiles() async throws {
        let old = umask(0o077)
        defer { umask(old) }
        let transport = try transport(root, mode: 0o640)
        try await transport.put(file, as: try remote("a/b.jpg"))
        let manager = FileManager.default
        let modes = try ["a", "a/b.jpg"].map {
            try manager.attributesOfItem(atPath: "\(root)/\($0)")[.posixPermissions] as? Int
        }
        #expect(modes == [0o750, 0o640])
    }

    @Test func aLinkLeadsNowhere() async throws {
        let outside = try folder.makeDirectory("outside")
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: "\(root)/link", withDestinationPath: outside)
        try manager.createSymbolicLink(
            atPath: "\(root)/a.jpg", withDestinationPath: outside + "/target")
        #expect(manager.createFile(atPath: outside + "/target", contents: Data("a rendition".utf8)))
        #expect(try await putError(root, "link/a.jpg").message.contains("links are not followed"))
        let transport = try transport(root)
        let name = try remote("a.jpg")
        #expect(
            try await transport.look(for: file, as: name) == .different("a link stands there"))
        #expect(try await !transport.isAbsent(name))
        // Putting replaces the link itself.
        try await transport.put(file, as: name)
        #expect(try await transport.look(for: file, as: name) == .confirmed(.hash))
        #expect(try manager.contentsOfDirectory(atPath: outside) == ["target"])
    }

    @Test func sameSizeOtherBytesAreFound() async throws {
        let transport = try transport(root)
        let name = try remote("a.jpg")
        try folder.write("A RENDITION", to: "out/a.jpg")
        guard case .different = try await transport.look(for: file, as: name) else {
            Issue.record("other bytes are taken for ours")
            return
        }
    }

    /// /sys refuses root as well, which a mode would not.
    @Test func aFolderThatCannotBeWrittenNamesTheDropIn() async throws {
        let error = try await putError("/sys/kernel")
        #expect(error.remedy == .fixHost, "\(error.message)")
        #expect(error.message.contains("ReadWritePaths=/sys/kernel"), "\(error.message)")
        #expect(error.message.contains("/etc/systemd/system/sluice.service.d/"))
    }

    @Test func aDirectoryUnderTheNameIsNoFile() async throws {
        _ = try folder.makeDirectory("out/a.jpg")
        let transport = try transport(root)
        let name = try remote("a.jpg")
        guard case .different = try await transport.look(for: file, as: name) else {
            Issue.record("a directory is taken for a file")
            return
        }
        #expect(try await putError(root).remedy == .fixHost)
        #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["a.jpg"])
    }

    @Test func emptyDirectoriesGoWithTheirLastFile() async throws {
        let transport = try transport(root)
        try await transport.put(file, as: try remote("a/b/one.jpg"))
        try await transport.put(file, as: try remote("a/two.jpg"))
        try await transport.remove(try remote("a/b/one.jpg"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/a") == ["two.jpg"])
        try await transport.remove(try remote("a/two.jpg"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: root).isEmpty)
    }
}
