import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// How a reader knows which files are whole: by a marker, or by the temporary name. On sshd and vsftpd.
@Suite(.fewServers, .timeLimit(.minutes(5))) struct FinishTests {
    private let folder: TemporaryDirectory
    private let file: Outgoing
    private let name: RemoteName

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data("a rendition".utf8), in: folder)
        name = try remote("sub/a.jpg")
    }

    /// `body` gets a transport that finishes so, and what there is on the other side.
    private func onEach(
        _ finish: Finish, _ extra: String = "",
        _ body: (any Transport, Directory) async throws -> Void
    ) async throws {
        let sshd = try await SFTPServer.start(extra)
        try folder.copy(sshd.key, to: "credentials/key")
        var secure = sshd.options
        secure.finish = finish
        let transport = try make(secure, in: folder)
        try await body(transport, Directory(root: sshd.root))
        await transport.close()
        await sshd.stop()
        let vsftpd = try await FTPServer.start(.vsftpd)
        try folder.give(vsftpd)
        var old = vsftpd.options
        old.finish = finish
        let other = try make(old, in: folder)
        try await body(other, Directory(root: vsftpd.root))
        await other.close()
        await vsftpd.stop()
    }

    private func files(_ far: Directory) throws -> [String] {
        try far.paths().filter { FileManager.default.contents(atPath: "\(far.root)/\($0)") != nil }
            .sorted()
    }

    // MARK: Markers

    @Test(arguments: Finish.Manner.allCases) func aMarkerStandsBesideItsFile(
        _ manner: Finish.Manner
    ) async throws {
        let finish = Finish(manner, marker: Marker("{name}.done", per: .file))
        try await onEach(finish) { transport, far in
            try await transport.put(file, as: name)
            #expect(try far.bytes("sub/a.jpg.done") == Data())
            #expect(try await transport.look(for: file, as: name).isConfirmed)
            // Nobody is to read one file by the other's.
            let wrong = try makeOutgoing(Data("another".utf8), in: folder)
            var changed = wrong
            changed.path = file.path
            await #expect(throws: DeliveryError.self) {
                try await transport.put(changed, as: name)
            }
            if manner == .direct { #expect(try far.bytes("sub/a.jpg.done") == nil) }
            try await transport.put(wrong, as: name)
            #expect(try far.bytes("sub/a.jpg.done") == Data())
            try await transport.remove(name)
            #expect(try files(far).isEmpty)
        }
    }

    /// A crash came between the two.
    @Test func aFileWithoutItsMarkerIsNotThere() async throws {
        let finish = Finish(.direct, marker: Marker("{name}.done", per: .file))
        try await onEach(finish) { transport, far in
            try far.write(Data("a rendition".utf8), to: "a.jpg")
            let name = try remote("a.jpg")
            guard case .different(let why) = try await transport.look(for: file, as: name) else {
                Issue.record("a file without a marker is taken for one that was finished")
                return
            }
            #expect(why.contains("a.jpg.done"))
            try await transport.put(file, as: name)
            // The partner has read it, and says so by taking the marker.
            try far.write(nil, to: "a.jpg.done")
            #expect(try await transport.look(for: file, as: name).isConfirmed)
        }
    }

    @Test func aBatchHasOneMarker() async throws {
        try await onEach(Finish(marker: Marker("ready.txt", per: .batch))) { transport, far in
            try await transport.markBatch(isWhole: false)
            try await transport.put(file, as: name)
            #expect(try files(far) == ["sub/a.jpg"])
            try await transport.markBatch(isWhole: true)
            #expect(try far.bytes("ready.txt") == Data())
            let marking = try #require(transport as? any MarkingTransport)
            #expect(try await marking.hasBatchMarker())
            try await transport.markBatch(isWhole: false)
            #expect(try await !marking.hasBatchMarker())
            #expect(try far.bytes("ready.txt") == nil)
        }
    }

    // MARK: Temporary names

    @Test(arguments: [Temporary(suffix: ".part"), Temporary(folder: ".incoming")])
    func whatWasLeftUnderATemporaryNameIsSwept(_ temporary: Temporary) async throws {
        try await onEach(Finish(temporary: temporary)) { transport, far in
            let leftover =
                temporary.folder.map { "\($0)/.sluice-0123456789abcdef-dead-beef.tmp" }
                ?? "sluice-0123456789abcdef-dead-beef.part"
            if let folder = temporary.folder {
                try FileManager.default.createDirectory(
                    atPath: "\(far.root)/\(folder)", withIntermediateDirectories: false)
            }
            try far.write(Data("half".utf8), to: leftover)
            try far.write(Data("theirs".utf8), to: "theirs.part")
            try await transport.sweep()
            #expect(try files(far) == ["theirs.part"])
            try await transport.put(file, as: name)
            let other = try makeOutgoing(Data("its successor".utf8), in: folder)
            try await transport.put(other, as: name)
            #expect(try far.bytes("sub/a.jpg") == Data("its successor".utf8))
            #expect(try files(far) == ["sub/a.jpg", "theirs.part"])
        }
    }

    /// It is seen while the file goes up.
    @Test(arguments: [Temporary(suffix: ".part"), Temporary(folder: ".incoming")])
    func theTemporaryNameIsTheProfiles(_ temporary: Temporary) async throws {
        let filter = try SFTPFilter(in: folder)
        let server = try await SFTPServer.start(filter.command)
        try folder.copy(server.key, to: "credentials/key")
        var options = server.options
        options.finish = Finish(temporary: temporary)
        let transport = try make(options, in: folder)
        try await transport.put(file, as: name)
        await transport.close()
        let made = filter.questions.filter { $0.hasPrefix("RENAME ") }
            .map { $0.split(separator: " ")[1] }
        #expect(!made.isEmpty)
        for path in made {
            let isRight =
                temporary.folder == nil
                ? path.hasPrefix("\(server.root)/sub/sluice-") && path.hasSuffix(".part")
                : path.hasPrefix("\(server.root)/.incoming/.sluice-")
            #expect(isRight, "\(path)")
            #expect(path.split(separator: "/").last.map { $0.utf8.count <= 64 } == true)
        }
        await server.stop()
    }
}
