import Curl
import Foundation
import Model

/// A server that keeps files in folders and can rename them, as `FileServerTransport` asks it. Paths
/// are absolute and literal; a folder's ends in `/`. Codes of failures mean the same on each:
/// `.noSuchFile` (for an upload: its folder is missing), `.accessDenied`, `.nameRefused`, and
/// `.commandFailed` for a step that was refused for a reason nobody knows.
protocol FileServer: Sendable {
    /// It says of every piece of a file that it is kept, so that what went up without complaint is whole.
    var answersForBytes: Bool { get }

    /// Over whatever is there, and then the steps; where one of those is refused it fails as `run` does.
    func upload(
        _ file: Outgoing, to path: String, then steps: [FileStep]
    ) async throws(CurlFailure)

    /// In order, up to the first that is refused and must not be.
    func run(_ steps: [FileStep]) async throws(CurlFailure)

    /// Nil where the server says that there is no such file. Some say so as well of what they only
    /// do not show; `isAbsent` tells that apart.
    func size(_ path: String) async throws(CurlFailure) -> Int64?

    /// The same of a file that was put just now, and with others perhaps.
    /// - Parameter expected: bytes it should have.
    func size(_ path: String, expected: Int64) async throws(CurlFailure) -> Int64?

    /// True where it is proven that nothing is there. Fails where nobody can tell.
    func isAbsent(_ path: String) async throws(CurlFailure) -> Bool

    func digest(_ path: String, limit: Int64) async throws(CurlFailure) -> ContentHash?

    /// All of a file, where it is no longer than so many bytes.
    func fetch(_ path: String, limit: Int) async throws(CurlFailure) -> Data

    /// The names in a folder that are wanted, the first of them; the others are never held.
    /// - Parameter goesOn: asked now and then; false ends it with `.refusedByCaller`.
    func names(
        _ folder: String, most: Int, while goesOn: @escaping @Sendable () -> Bool,
        where isWanted: @escaping @Sendable (String) -> Bool
    ) async throws(CurlFailure) -> [String]

    /// See `Transport.bear`.
    func bear(_ sessions: Int)

    func error(_ failure: CurlFailure, _ attempt: Attempt) -> DeliveryError

    func close() async
}

extension FileServer {
    func bear(_ sessions: Int) {}

    func size(_ path: String, expected: Int64) async throws(CurlFailure) -> Int64? {
        try await size(path)
    }

    func names(
        _ folder: String, where isWanted: @escaping @Sendable (String) -> Bool
    ) async throws(CurlFailure) -> [String] {
        try await names(folder, most: .max, while: { true }, where: isWanted)
    }
}

/// What is done to names on a server.
struct FileStep: Sendable, Equatable {
    enum Deed: Sendable, Equatable {
        case remove(String)
        /// Over another file, where the server does that.
        case rename(String, to: String)
        case makeFolder(String)
        /// Only when it is empty.
        case removeFolder(String)
    }

    var deed: Deed
    /// Refused or not, the next one is done.
    var mayFail = false

    static func must(_ deed: Deed) -> FileStep { FileStep(deed: deed) }
    static func may(_ deed: Deed) -> FileStep { FileStep(deed: deed, mayFail: true) }
}

/// A folder and a name in it.
struct FilePath {
    /// Ends in `/`.
    var folder: String
    var leaf: String

    /// - Parameter path: absolute; that of a folder may end in `/`.
    init(_ path: String) {
        let text = path.count > 1 && path.hasSuffix("/") ? path.dropLast() : path[...]
        let split = text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex
        folder = String(text[..<split])
        leaf = String(text[split...])
    }
}
