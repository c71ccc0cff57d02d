import Foundation
import Model
import Support
import Testing
import Wire

/// A whole channel in a bucket or on an FTP server, with the daemon killed on the way: what is there is
/// what another channel has of the same pictures.
@Suite(.serialized, .timeLimit(.minutes(5))) struct OtherPlaces {
    @Test(arguments: ["s3.uploaded:2", "send.confirmed:4"])
    func bucket(crashAt: String) async throws {
        let server = try await S3Server.start(.moto)
        try await Site.with { site in
            let twist = try twist(site, server)
            try await picturesComeAndGo(site, twist, crashAt) { try contents(server, site) }
        }
        await server.stop()
    }

    @Test(arguments: ["send.put:2", "remove.done:1"], [FTPServer.Program.vsftpd, .proftpd])
    func ftp(crashAt: String, _ program: FTPServer.Program) async throws {
        let server = try await FTPServer.start(program)
        try await Site.with { site in
            let twist = try twist(site, server)
            try await picturesComeAndGo(site, twist, crashAt) {
                try Site.tree(below: server.root + "/img")
            }
        }
        await server.stop()
    }

    @Test func everyPlaceIsTriedAndNothingStays() async throws {
        let (ftp, s3) = (try await FTPServer.start(.vsftpd), try await S3Server.start(.moto))
        try await Site.with { site in
            for twist in [try twist(site, ftp), try twist(site, s3)] {
                try site.write(Channel.folder.profile(site, twist), as: .folder)
                let (status, output) = try await site.sluice("probe", "folder")
                #expect(status == 0, "\(output)")
                for step in ["login", "put", "look", "replace", "remove", "gone"] {
                    #expect(output.contains("✓ \(step) "), "\(output)")
                }
            }
            #expect(try Site.tree(below: ftp.root + "/img").isEmpty)
            #expect(try contents(s3, site).isEmpty)
        }
        await ftp.stop()
        await s3.stop()
    }

    private func picturesComeAndGo(
        _ site: Site, _ twist: Twist, _ crashAt: String, _ contents: () throws -> [String: String]
    ) async throws {
        try site.write(Channel.folder.profile(site, twist), as: .folder)
        try site.drop(Site.usual)
        let isCutWhileSending = !crashAt.hasPrefix("remove.")
        try site.start(crashAt: crashAt)
        if isCutWhileSending {
            #expect(await site.waitForEnd() != 0)
            try site.start()
        }
        try await site.settle()
        #expect(try contents() == site.tree(.sftp))
        #expect(try await site.status().verdict == .ok)
        let live = try await site.sluice("live", "A1").output
        #expect(live.contains("confirmed by hash"), "\(live)")

        try await site.sluice("withdraw", "A1", "--view", "back", "--because", "stolen")
        if !isCutWhileSending {
            #expect(await site.waitForEnd() != 0)
            try site.start()
        }
        try await site.settle()
        let left = try contents()
        #expect(left.count == 2)
        #expect(try left == site.tree(.sftp))
    }

    // MARK: In place of the folder

    private func twist(_ site: Site, _ server: S3Server) throws -> Twist {
        let login = try #require(server.logins["sluice"])
        try site.home.write(login.accessKey, to: "credentials/access")
        try site.home.write(login.secretKey, to: "credentials/secret")
        return Twist(
            to: "s3://\(server.bucket)/img/",
            deliver: [
                "endpoint: http://127.0.0.1:\(server.port)", "allow_private: true",
                "access_key: credential:access", "secret_key: credential:secret",
                "cache: \"public, max-age=60\"", "public: https://img.example.com/",
            ])
    }

    private func twist(_ site: Site, _ server: FTPServer) throws -> Twist {
        try site.home.write(server.password + "\n", to: "credentials/ftp-password")
        let authority = try Data(contentsOf: URL(fileURLWithPath: server.tls.authority))
        try site.home.write(authority, to: "credentials/ftp-ca")
        return Twist(
            to: "\(server.protection.rawValue)://127.0.0.1:\(server.port)\(server.root)/img/",
            deliver: [
                "allow_private: true", "user: \(server.user)", "password: credential:ftp-password",
                "ca: credential:ftp-ca",
            ])
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
