import Foundation
import Model
import Support
import Testing

// Other servers for the channel `folder`, and what lies there.
extension Site {
    func twist(_ server: S3Server) throws -> Twist {
        let login = try #require(server.logins["sluice"])
        try home.write(login.accessKey, to: "credentials/access")
        try home.write(login.secretKey, to: "credentials/secret")
        return Twist(
            to: "s3://\(server.bucket)/img/",
            deliver: [
                "endpoint: http://127.0.0.1:\(server.port)", "region: \(server.region)",
                "allow_private: true",
                "access_key: credential:access", "secret_key: credential:secret",
                "cache: \"public, max-age=60\"", "public: https://img.example.com/",
            ])
    }

    func twist(_ server: FTPServer) throws -> Twist {
        try home.write(server.password + "\n", to: "credentials/ftp-password")
        let authority = try Data(contentsOf: URL(fileURLWithPath: server.tls.authority))
        try home.write(authority, to: "credentials/ftp-ca")
        return Twist(
            to: "\(server.protection.rawValue)://127.0.0.1:\(server.port)\(server.root)/img/",
            deliver: [
                "allow_private: true", "user: \(server.user)", "password: credential:ftp-password",
                "ca: credential:ftp-ca",
            ])
    }

    /// Name → SHA-256.
    func contents(_ server: S3Server) throws -> [String: String] {
        let keys = try Tool.run("curl", ["-sS", server.openURL], package: "curl").split(
            separator: "\n")
        return try keys.reduce(into: [:]) { tree, key in
            let file = home.path("object")
            try Tool.run(
                "curl", ["-sSf", "-o", file, "\(server.openURL)/\(key)"], package: "curl")
            let data = try Data(contentsOf: URL(fileURLWithPath: file))
            tree[String(key.dropFirst("img/".count))] = ContentHash.of(data).rawValue
        }
    }

    /// By somebody else who works in the bucket.
    /// - Parameter data: nil: takes it away.
    func write(_ data: Data?, as key: String, to server: S3Server) throws {
        let url = "\(server.openURL)/\(key)"
        guard let data else {
            try Tool.run("curl", ["-sSf", "-X", "DELETE", url], package: "curl")
            return
        }
        let file = try home.write(data, to: "aside/object")
        try Tool.run("curl", ["-sSf", "-T", file, url], package: "curl")
    }
}
