private import Foundation
package import Model

extension DestinationAddress {
    /// What a scheme's port is where none is told.
    private static let ports = [
        "http": 80, "https": 443, "sftp": 22, "ftp": 21, "ftpes": 21, "ftps": 990,
    ]

    /// One for all spellings: a folder without links in its path, a host in small letters, a port only where
    /// it is not the usual one. Two channels that differ in spelling alone would overwrite each other's files.
    package var place: String {
        var same = self
        same.host = host.lowercased()
        if port == Self.ports[scheme] { same.port = nil }
        if scheme == "file" { same.path = Self.resolved(path) }
        return same.description
    }

    /// As far as the path exists; ends in `/`.
    private static func resolved(_ path: String) -> String {
        var rest: [Substring] = []
        var parts = path.split(separator: "/")
        while !parts.isEmpty {
            if let real = realpath("/" + parts.joined(separator: "/"), nil) {
                defer { free(real) }
                let found = String(cString: real)
                return ([found == "/" ? "" : found] + rest.map(String.init))
                    .joined(separator: "/") + "/"
            }
            rest.insert(parts.removeLast(), at: 0)
        }
        return path
    }
}
