import Foundation
import Model
import Support
import Testing
import Wire

/// A whole channel in a bucket, with the daemon killed on the way: what is there is what another channel
/// has of the same pictures.
@Suite(.serialized, .timeLimit(.minutes(5))) struct InABucket {
    @Test(arguments: ["s3.uploaded:2", "send.confirmed:4"])
    func picturesComeAndGo(crashAt: String) async throws {
        let server = try await S3Server.start(.moto)
        try await Site.with { site in
            try write(site, server)
            try site.drop(Site.usual)
            try site.start(crashAt: crashAt)
            #expect(await site.waitForEnd() != 0)
            try site.start()
            try await site.settle()
            #expect(try contents(server, site) == site.tree(.sftp))
            #expect(try await site.status().verdict == .ok)
            let live = try await site.sluice("live", "A1").output
            #expect(live.contains("confirmed by hash"), "\(live)")

            try await site.sluice("withdraw", "A1", "--view", "back", "--because", "stolen")
            try await site.settle()
            let left = try contents(server, site)
            #expect(left.count == 2)
            #expect(try left == site.tree(.sftp))
        }
        await server.stop()
    }

    /// In place of the folder.
    private func write(_ site: Site, _ server: S3Server) throws {
        let login = try #require(server.logins["sluice"])
        try site.home.write(login.accessKey, to: "credentials/access")
        try site.home.write(login.secretKey, to: "credentials/secret")
        let twist = Twist(
            to: "s3://\(server.bucket)/img/",
            deliver: [
                "endpoint: http://127.0.0.1:\(server.port)", "allow_private: true",
                "access_key: credential:access", "secret_key: credential:secret",
                "cache: \"public, max-age=60\"", "public: https://img.example.com/",
            ])
        try site.write(Channel.folder.profile(site, twist), as: .folder)
    }

    /// Name → SHA-256.
    private func contents(_ server: S3Server, _ site: Site) throws -> [String: String] {
        let keys = try Tool.run("curl", ["-sS", server.openURL], package: "curl").split(
            separator: "\n")
        return try keys.reduce(into: [:]) { tree, key in
            let file = site.home.path("object")
            try Tool.run(
                "curl", ["-sSf", "-o", file, "\(server.openURL)/\(key)"], package: "curl")
            let data = try Data(contentsOf: URL(fileURLWithPath: file))
            tree[String(key.dropFirst("img/".count))] = ContentHash.of(data).rawValue
        }
    }
}
