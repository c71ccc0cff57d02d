import Curl
import Foundation
import Model
import Support
import Synchronization
import Testing
import TransportsSupport

@testable import Transports

/// What servers with folders have in common, before a server in memory.
@Suite struct FileServerTests {
    /// Keeps lengths and names, and gives files out again when it likes.
    private final class Memory: FileServer {
        let failures: Mutex<Int>
        let file: Outgoing
        let listed: [String]

        init(_ file: Outgoing, failures: Int = 0, listed: [String] = []) {
            self.file = file
            self.listed = listed
            self.failures = Mutex(failures)
        }

        let answersForBytes = true
        func upload(
            _ file: Outgoing, to path: String, then steps: [FileStep]
        ) async throws(CurlFailure) {}
        func run(_ steps: [FileStep]) async throws(CurlFailure) {
            throw CurlFailure(.commandFailed, "it was told to refuse")
        }
        func size(_ path: String) async throws(CurlFailure) -> Int64? { file.bytes }
        func isAbsent(_ path: String) async throws(CurlFailure) -> Bool { false }
        func fetch(_ path: String, limit: Int) async throws(CurlFailure) -> Data { Data() }
        func names(
            _ folder: String, most: Int, while goesOn: @escaping @Sendable () -> Bool,
            where isWanted: @escaping @Sendable (String) -> Bool
        ) async throws(CurlFailure) -> [String] { listed.filter(isWanted) }
        func close() async {}

        func digest(_ path: String, limit: Int64) async throws(CurlFailure) -> ContentHash? {
            let fails = failures.withLock { left in
                left -= 1
                return left >= 0
            }
            if fails { throw CurlFailure(.receiveFailed, "it was cut off") }
            return file.sha256
        }

        func error(_ failure: CurlFailure, _ attempt: Attempt) -> DeliveryError {
            attempt.error(failure)
        }
    }

    /// Temporary names, markers of what is known, and what belongs to the whole place.
    @Test(arguments: [
        (
            Finish(marker: Marker("{name}.done", per: .file)),
            ["b.jpg", "b.jpg.done", "ready.txt", "sluice-1-2-3.part"]
        ),
        (
            Finish(marker: Marker("ready.txt", per: .batch)),
            ["a.jpg.done", "b.jpg", "b.jpg.done", "sluice-1-2-3.part"]
        ),
        (
            Finish(temporary: Temporary(suffix: ".part")),
            ["a.jpg.done", "b.jpg", "b.jpg.done", "ready.txt"]
        ),
        (
            Finish(temporary: Temporary(folder: "b.jpg")),
            ["a.jpg.done", "b.jpg.done", "ready.txt", "sluice-1-2-3.part"]
        ),
    ])
    func whatIsOursBesideTheFilesIsNoStranger(_ finish: Finish, _ strangers: [String]) async throws
    {
        let folder = try TemporaryDirectory()
        let server = Memory(
            try makeOutgoing(Data(), in: folder),
            listed: [
                "a.jpg", "a.jpg.done", "b.jpg", "b.jpg.done", "ready.txt", "sluice-1-2-3.part",
                ".sluice-1-2-3.tmp",
            ])
        let transport = FileServerTransport(
            server, DestinationAddress(scheme: "sftp", host: "a.example.com", path: "/in/"),
            Account(), finish)
        let found = try await transport.strangers(
            StrangerSearch(
                "", most: 100, fits: { !$0.hasPrefix(".") }, isKnown: { $0 == "a.jpg" }))
        #expect(found.names == strangers)
    }

    /// A server that nobody knows is asked for the bytes of its first five files, and one that could
    /// not be read is none of the five.
    @Test func whatCouldNotBeReadIsNotCounted() async throws {
        let folder = try TemporaryDirectory()
        var file = try makeOutgoing(Data("a rendition".utf8), in: folder)
        file.mediaType = "image/jpeg"
        try #require(!ReadBack.isInSample(file.sha256))
        let transport = FileServerTransport(
            Memory(file, failures: 7),
            DestinationAddress(scheme: "ftps", host: "ftp.example.com", port: nil, path: "/"),
            Account(), .rename)
        let name = try remote("a.jpg")
        for _ in 1...7 {
            await #expect(throws: DeliveryError.self) {
                try await transport.look(for: file, as: name)
            }
        }
        var levels: [Model.Confirmation?] = []
        for _ in 1...6 {
            levels.append(try await transport.look(for: file, as: name).confirmation)
        }
        #expect(levels == [.hash, .hash, .hash, .hash, .hash, .size])
    }

    /// It has not been taken away, and when it is missing later somebody else did that.
    @Test func whatIsRefusedAndStillThereWasNotTouched() async throws {
        let folder = try TemporaryDirectory()
        let server = Memory(try makeOutgoing(Data(), in: folder))
        let transport = FileServerTransport(
            server, DestinationAddress(scheme: "sftp", host: "a.example.com", path: "/in/"),
            Account(), .rename)
        let name = try remote("a.jpg")
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.remove(name, object: nil)
        }
        #expect(error?.isRefusal == true && error?.remedy == .fixChannel)
    }
}
