import Curl
import Foundation
import Model
import Support
import Synchronization
import Testing
import TransportsSupport

@testable import Transports

/// The old file that waits under a name of ours while a new one takes its place: after a cut it is put back
/// under its own name, which must not happen to what has been taken away meanwhile.
@Suite struct AsideTests {
    /// Names alone.
    private final class Shelf: FileServer {
        private let paths: Mutex<Set<String>>

        init(_ paths: Set<String>) { self.paths = Mutex(paths) }

        var names: Set<String> { paths.withLock(\.self) }

        let answersForBytes = true
        func upload(
            _ file: Outgoing, to path: String, then steps: [FileStep]
        ) async throws(CurlFailure) {}
        func size(_ path: String) async throws(CurlFailure) -> Int64? {
            paths.withLock { $0.contains(path) } ? 1 : nil
        }
        func isAbsent(_ path: String) async throws(CurlFailure) -> Bool {
            paths.withLock { !$0.contains(path) }
        }
        func digest(_ path: String, limit: Int64) async throws(CurlFailure) -> ContentHash? { nil }
        func close() async {}

        func run(_ steps: [FileStep]) async throws(CurlFailure) {
            for step in steps {
                let isDone = paths.withLock { paths in
                    switch step.deed {
                    case .remove(let path): return paths.remove(path) != nil
                    case .rename(let path, let new):
                        guard paths.remove(path) != nil else { return false }
                        return paths.insert(new).inserted
                    case .makeFolder, .removeFolder: return true
                    }
                }
                guard isDone || step.mayFail else {
                    throw CurlFailure(.commandFailed, "no such file")
                }
            }
        }

        func fetch(_ path: String, limit: Int) async throws(CurlFailure) -> Data { Data() }
        func names(
            _ folder: String, most: Int, while goesOn: @escaping @Sendable () -> Bool,
            where isWanted: @escaping @Sendable (String) -> Bool
        ) async throws(CurlFailure) -> [String] {
            paths.withLock { $0.map { String($0.dropFirst(folder.count)) }.filter(isWanted) }
        }

        func error(_ failure: CurlFailure, _ attempt: Attempt) -> DeliveryError {
            attempt.error(failure)
        }
    }

    private func transport(_ shelf: Shelf, tidies: Bool = true) -> FileServerTransport<Shelf> {
        FileServerTransport(
            shelf, DestinationAddress(scheme: "sftp", host: "a.example.com", path: "/in/"),
            Account(), .rename, tidies: tidies)
    }

    @Test(
        arguments: [
            ["/in/a.jpg", "/in/.sluice-old-a.jpg.tmp"], ["/in/.sluice-old-a.jpg.tmp"],
        ] as [Set<String>])
    func whatIsTakenAwayDoesNotComeBack(_ names: Set<String>) async throws {
        let shelf = Shelf(names)
        let transport = transport(shelf)
        let name = try remote("a.jpg")
        #expect(try await !transport.isAbsent(name, object: nil), "it would come back")
        try await transport.remove(name, object: nil)
        #expect(try await transport.isAbsent(name, object: nil))
        try await transport.sweep()
        #expect(shelf.names.isEmpty)
    }

    @Test func whatWasCutOffIsPutBack() async throws {
        let shelf = Shelf(["/in/.sluice-old-a.jpg.tmp"])
        try await transport(shelf).sweep()
        #expect(shelf.names == ["/in/a.jpg"])
    }

    /// A list of names is a stranger's word.
    @Test func noNameFromOutsideIsAPath() {
        let temporary = Temporary()
        #expect(temporary.isLeftover(".sluice-old-a.jpg.tmp"))
        #expect(!temporary.isLeftover(".sluice-old-../../other/evil.jpg.tmp"))
        #expect(!temporary.isLeftover(".sluice-x/../../secret.tmp"))
        for own in ["..", ".", "..\\x", "..\\..\\windows", "a\r\nDELE b", "a..b"] {
            #expect(!temporary.isLeftover(".sluice-old-\(own).tmp"), "\(own)")
            #expect(!temporary.isLeftover(".sluice-\(own).tmp"), "\(own)")
        }
        let longest = String(repeating: "a", count: RemoteName.limit)
        #expect(temporary.isLeftover(temporary.aside(longest)))
    }

    /// `sluice probe` beside a daemon: what lies there may be the daemon's.
    @Test func whoStandsBesideADaemonClearsNothingAway() async throws {
        let shelf = Shelf(["/in/.sluice-0123456789abcdef-x-y.tmp"])
        let folder = try TemporaryDirectory()
        let file = try makeOutgoing(Data("a".utf8), in: folder)
        _ = try? await transport(shelf, tidies: false).put(
            file, as: try remote("a.jpg"), replacing: nil)
        #expect(shelf.names == ["/in/.sluice-0123456789abcdef-x-y.tmp"])
    }
}
