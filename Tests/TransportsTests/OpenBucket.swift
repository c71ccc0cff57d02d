import Foundation
import Support

/// What lies in a bucket, seen without S3: by `curl`, from the side that a service leaves open for it.
struct OpenBucket: FarSide {
    private let server: S3Server
    private let prefix: String
    private let url: String
    private let folder: TemporaryDirectory

    /// - Parameter prefix: of the transport's keys.
    init(_ server: S3Server, prefix: String = "") throws {
        url = "\(server.openURL)/\(prefix)"
        self.server = server
        self.prefix = prefix
        folder = try TemporaryDirectory()
    }

    func bytes(_ path: String) throws -> Data? {
        let file = folder.path("answer")
        try Data().write(to: URL(fileURLWithPath: file))
        let status = try Tool.run(
            "curl", ["-sS", "-o", file, "-w", "%{http_code}", url + path], package: "curl")
        guard status != "404" else { return nil }
        guard status == "200" else { throw SupportError("the open side answered \(status)") }
        return try Data(contentsOf: URL(fileURLWithPath: file))
    }

    func paths() throws -> [String] {
        try Tool.run("curl", ["-sS", server.openURL], package: "curl")
            .split(separator: "\n").filter { $0.hasPrefix(prefix) }
            .map { String($0.dropFirst(prefix.count)) }
    }

    func write(_ data: Data?, to path: String) throws {
        guard let data else {
            try Tool.run("curl", ["-sSf", "-X", "DELETE", url + path], package: "curl")
            return
        }
        let file = try folder.write(data, to: "question")
        try Tool.run("curl", ["-sSf", "-T", file, url + path], package: "curl")
    }
}
