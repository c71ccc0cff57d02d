import Foundation
import Model
import Support
import Testing
import Wire

@testable import Export

/// What a channel's crawler would say, of a real server.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CrawlerTests {
    private static let jpeg = Data([0xFF, 0xD8, 0xFF, 0xE0] + (0..<2000).map { UInt8($0 % 251) })
    private static let png = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [1, 2, 3])

    private static let locations = """
        location /img/ { types { image/jpeg jpg; image/png png; text/html html; } }
        location = /untyped.jpg { types { } }
        location = /img/moved.jpg { return 302 /img/a.jpg; }
        location /img/shut/ {
            types { image/jpeg jpg; }
            if ($http_user_agent ~ Googlebot) { return 403; }
        }
        location /img/nohead/ {
            types { image/jpeg jpg; }
            if ($request_method = HEAD) { return 405; }
        }
        """

    private func serve(
        _ files: [String: Data], _ extra: String = Self.locations, tls: Bool = false,
        body: (HTTPServer) async throws -> Void
    ) async throws {
        let server = try await HTTPServer.start(extra, tls: tls)
        for (path, data) in files {
            let url = URL(filePath: "\(server.root)/\(path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: url)
        }
        do { try await body(server) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func visit(
        _ name: String, at base: String, agent: String = "Googlebot-Image/1.0",
        allowPrivate: Bool = true, transforms: Transformation? = nil
    ) async throws -> [CrawlAnswer.Finding] {
        let crawler = Crawler(agent: agent, allowPrivate: allowPrivate)
        let findings = await crawler.visit(
            Crawler.Picture(
                name: try #require(RemoteName(rawValue: name)), url: base + name,
                sha256: .of(Self.jpeg), bytes: Int64(Self.jpeg.count), format: .jpeg,
                size: PixelSize(width: 100, height: 100), transforms: transforms))
        await crawler.close()
        return findings
    }

    @Test func aGoodPictureIsFine() async throws {
        try await serve(["img/a.jpg": Self.jpeg]) { server in
            let findings = try await visit("img/a.jpg", at: server.url)
            #expect(findings == [])
        }
    }

    @Test func whatWouldMakeItRefuseIsSaid() async throws {
        let files = [
            "img/other.jpg": Self.jpeg + Data([0]), "img/really.jpg": Self.png,
            "img/shut/a.jpg": Self.jpeg, "img/nohead/a.jpg": Self.jpeg, "untyped.jpg": Self.jpeg,
            "img/page.jpg": Data("<html><body>Not found</body></html>".utf8),
            "img/long.jpg": Self.jpeg + Data(count: 200_000),
        ]
        let expected: [(String, [String])] = [
            ("img/gone.jpg", ["HEAD", "(404)", "it is not found"]),
            ("img/moved.jpg", ["(302)", "/img/a.jpg"]),
            ("img/other.jpg", ["not what was delivered"]),
            ("img/really.jpg", ["it is png and is said to be 'image/jpeg'", "ends in '.jpg'"]),
            ("img/shut/a.jpg", ["(403)", "let the crawler in"]),
            ("img/nohead/a.jpg", ["HEAD", "405"]),
            ("untyped.jpg", ["'application/octet-stream'", "must be 'image/jpeg'"]),
            ("img/page.jpg", ["not a picture"]),
            ("img/long.jpg", ["far longer"]),
        ]
        try await serve(files) { server in
            for (name, words) in expected {
                let says = try await visit(name, at: server.url).map(\.says).joined(separator: "\n")
                for word in words { #expect(says.contains(word), "\(name): \(says)") }
            }
            #expect(try await visit("img/shut/a.jpg", at: server.url, agent: "Bingbot/2") == [])
            #expect(
                try await visit("img/other.jpg", at: server.url, transforms: Transformation()) == []
            )
            // However long it has become.
            #expect(
                try await visit("img/long.jpg", at: server.url, transforms: Transformation()) == [])
            let png = try await visit(
                "img/other.jpg", at: server.url, transforms: Transformation(format: .png))
            #expect(png.map(\.says) == ["it is jpeg, where 'transforms' says png"])
        }
    }

    @Test func aHostThatForbidsItIsNamed() async throws {
        let robots = Data("User-agent: Googlebot-Image\nDisallow: /img/\n".utf8)
        try await serve(["img/a.jpg": Self.jpeg, "robots.txt": robots]) { server in
            let findings = try await visit("img/a.jpg", at: server.url)
            #expect(findings.map(\.says).joined().contains("forbids it to 'Googlebot-Image/1.0'"))
            #expect(try await visit("img/a.jpg", at: server.url, agent: "Bingbot/2") == [])
        }
        let busy = Self.locations + "\nlocation = /robots.txt { return 503; }"
        try await serve(["img/a.jpg": Self.jpeg], busy) { server in
            let findings = try await visit("img/a.jpg", at: server.url)
            #expect(findings.map(\.says).joined().contains("robots.txt' cannot be had"))
        }
    }

    @Test func whomNobodyReachesOrTrustsIsNamed() async throws {
        try await serve(["img/a.jpg": Self.jpeg]) { server in
            let findings = try await visit("img/a.jpg", at: server.url, allowPrivate: false)
            #expect(findings.first?.says.contains("private") == true)
        }
        try await serve(["img/a.jpg": Self.jpeg], tls: true) { server in
            let findings = try await visit("img/a.jpg", at: server.url)
            #expect(findings.first?.says.contains("certificate") == true)
            #expect(findings.first?.isSure == true)
        }
        let silent = try RawServer([.reset])
        let findings = try await visit("a.jpg", at: silent.url)
        #expect(findings.count == 1 && findings.first?.isSure == false)
        silent.stop()
    }
}
