package import Foundation

/// A directory of a test's own, gone with the test.
package final class Folder: Sendable {
    package let path: String

    package init() throws {
        path = FileManager.default.temporaryDirectory
            .appending(path: "pictures-\(UUID().uuidString)").path(percentEncoded: false)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    package subscript(_ name: String) -> String { "\(path)/\(name)" }

    package var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    package func read(_ name: String) throws -> Data {
        try Data(contentsOf: URL(filePath: self[name]))
    }

    package func write(_ data: Data, as name: String) throws {
        try data.write(to: URL(filePath: self[name]))
    }
}
