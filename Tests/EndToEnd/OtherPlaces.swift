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
            let twist = try site.twist(server)
            try await picturesComeAndGo(site, twist, crashAt) { try site.contents(server) }
        }
        await server.stop()
    }

    @Test(arguments: ["send.put:2", "remove.done:1"], [FTPServer.Program.vsftpd, .proftpd])
    func ftp(crashAt: String, _ program: FTPServer.Program) async throws {
        let server = try await FTPServer.start(program)
        try await Site.with { site in
            let twist = try site.twist(server)
            try await picturesComeAndGo(site, twist, crashAt) {
                try Site.tree(below: server.root + "/img")
            }
        }
        await server.stop()
    }

    @Test func everyPlaceIsTriedAndNothingStays() async throws {
        let (ftp, s3) = (try await FTPServer.start(.vsftpd), try await S3Server.start(.moto))
        try await Site.with { site in
            for twist in [try site.twist(ftp), try site.twist(s3)] {
                try site.write(Channel.folder.profile(site, twist), as: .folder)
                let (status, output) = try await site.sluice("probe", "folder")
                #expect(status == 0, "\(output)")
                for step in ["login", "put", "look", "replace", "remove", "gone"] {
                    #expect(output.contains("✓ \(step) "), "\(output)")
                }
            }
            #expect(try Site.tree(below: ftp.root + "/img").isEmpty)
            #expect(try site.contents(s3).isEmpty)
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
}
