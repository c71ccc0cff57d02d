import Foundation
import Model
import TransportsSupport

/// Where the files of a transport end up, as a test sees it. Paths are below the transport's own.
protocol FarSide: Sendable {
    func bytes(_ path: String) throws -> Data?
    func paths() throws -> [String]

    /// - Parameter data: nil: takes it away.
    func write(_ data: Data?, to path: String) throws
}

struct Directory: FarSide {
    let root: String

    func bytes(_ path: String) throws -> Data? {
        FileManager.default.contents(atPath: "\(root)/\(path)")
    }

    func paths() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root)
    }

    func write(_ data: Data?, to path: String) throws {
        let url = URL(fileURLWithPath: "\(root)/\(path)")
        if let data {
            try data.write(to: url)
        } else {
            try FileManager.default.removeItem(at: url)
        }
    }
}

extension FakeRemote: FarSide {
    func bytes(_ path: String) -> Data? { files["/\(path)"] }
    func paths() -> [String] { files.keys.map { String($0.dropFirst()) } }
    func write(_ data: Data?, to path: String) { set("/\(path)", data) }
}
