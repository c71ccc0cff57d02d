import Curl
package import Foundation
import Host
import Model

package enum HandsOut: Sendable {
    case nothing
    /// Files whose names are known, and no list of them.
    case namedFiles
    case files
}

/// A place that also hands out what others have laid there: a channel's answers. Paths are absolute on its
/// server, wherever the files of the profile go.
package protocol FetchingTransport: Transport {
    /// The names in a folder, whose path ends in `/`; nil where there is no such folder, or it is no
    /// folder, or closed.
    func names(in folder: String) async throws(DeliveryError) -> [String]?

    /// All of a file.
    /// - Parameter limit: bytes; a longer one fails.
    func fetch(_ path: String, limit: Int) async throws(DeliveryError) -> Data
}

extension FetchingTransport {
    /// Paths of the files that a pattern means, in their order; a pattern without `*` means itself, whether
    /// it is there or not.
    package func paths(like pattern: String) async throws(DeliveryError) -> [String] {
        let names = pattern.split(separator: "/").map(String.init)
        var paths = [""]
        for (index, name) in names.enumerated() {
            guard name.contains("*") else {
                paths = paths.map { "\($0)/\(name)" }
                continue
            }
            var found: [String] = []
            for path in paths {
                guard let there = try await self.names(in: path + "/") else {
                    // Among folders that were found lie files as well.
                    guard names[..<index].contains(where: { $0.contains("*") }) else {
                        throw DeliveryError(
                            "there is no folder '\(path)/' to read, or it may not be read",
                            remedy: .fixProfile)
                    }
                    continue
                }
                found += there.filter { NamePattern.isName($0) && NamePattern.fits($0, name) }
                    .map { "\(path)/\($0)" }
            }
            paths = found
        }
        return paths.sorted()
    }
}

enum NamePattern {
    /// What a server says is in a folder is not believed to be that.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".." && text.utf8.count <= 255
            && !text.utf8.contains { $0 == 0x2F || $0 < 0x20 || $0 == 0x7F }
    }

    /// - Parameter pattern: `*` stands for anything.
    static func fits(_ name: String, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last, parts.count > 1 else {
            return name == pattern
        }
        var rest = Substring(name)
        guard rest.hasPrefix(first), rest.utf8.count >= first.utf8.count + last.utf8.count,
            rest.hasSuffix(last)
        else { return false }
        rest = rest.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}

extension FileServerTransport: FetchingTransport {
    func names(in folder: String) async throws(DeliveryError) -> [String]? {
        do throws(CurlFailure) {
            return try await server.names(
                folder, most: 10_000, while: { true }, where: NamePattern.isName)
        } catch  where [.noSuchFile, .accessDenied, .commandFailed].contains(error.code) {
            return nil
        } catch {
            throw server.error(error, attempt("list", folder))
        }
    }

    func fetch(_ path: String, limit: Int) async throws(DeliveryError) -> Data {
        try await ask(attempt("fetch", path)) { server throws(CurlFailure) in
            try await server.fetch(path, limit: limit)
        }
    }
}

extension HTTPTransport: FetchingTransport {
    package func names(in folder: String) async throws(DeliveryError) -> [String]? { nil }

    package func fetch(_ path: String, limit: Int) async throws(DeliveryError) -> Data {
        let attempt = Attempt(verb: "fetch", name: path, address: options.address)
        let url = options.target.origin + path.encodedPath(keeping: "%")
        var get = question(.get, url, bytes: Int64(limit))
        get.sink = .keep(limit: limit)
        let response = try await perform(get, attempt)
        guard response.status == 200 else { throw refusal(response, attempt) }
        return response.body
    }
}

extension FolderTransport: FetchingTransport {
    package func names(in folder: String) async throws(DeliveryError) -> [String]? {
        await Lane("answers").run { try? Files.names(in: folder) }
    }

    package func fetch(_ path: String, limit: Int) async throws(DeliveryError) -> Data {
        do throws(HostError) {
            return try await Lane("answers").run { () throws(HostError) in
                let place = FilePath(path)
                // Others may write there: a link that they lay is not followed.
                let folder = try OpenFile.open(place.folder, O_RDONLY | O_DIRECTORY)
                let file = try folder.openBeneath(place.leaf)
                let data = try file.read(limit: limit + 1)
                guard data.count <= limit else { throw HostError("read", path, EFBIG) }
                return data
            }
        } catch {
            throw DeliveryError("cannot fetch '\(path)': \(error)", remedy: .retry(after: nil))
        }
    }
}

/// Where files are picked up, answers are laid down.
extension CollectedTransport: FetchingTransport {
    func names(in folder: String) async throws(DeliveryError) -> [String]? {
        try await (place as? any FetchingTransport)?.names(in: folder)
    }

    func fetch(_ path: String, limit: Int) async throws(DeliveryError) -> Data {
        guard let place = place as? any FetchingTransport else {
            throw DeliveryError("'\(path)' cannot be fetched there", remedy: .fixProfile)
        }
        return try await place.fetch(path, limit: limit)
    }
}
