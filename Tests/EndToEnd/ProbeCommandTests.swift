import Foundation
import Host
import Support
import Testing

/// `sluice probe` and `sluice credential` against real servers, without a daemon.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ProbeCommandTests {
    @Test func everyPlaceIsTriedAndNothingStays() async throws {
        try await Site.with { site in
            for channel in Channel.allCases {
                let before = try site.tree(channel)
                let (status, output) = try await site.sluice("probe", "\(channel)")
                #expect(status == 0, "\(channel): \(output)")
                for step in ["login", "put", "look", "replace", "remove", "gone"] {
                    #expect(output.contains("✓ \(step) "), "\(channel): \(output)")
                }
                #expect(try site.tree(channel) == before)
            }
            let (_, json) = try await site.sluice("probe", "sftp", "--json")
            let probes = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
            let steps = try #require(probes?.first?["steps"] as? [[String: Any]])
            #expect(steps.first?["step"] as? String == "host key")
            #expect(steps.allSatisfy { $0["passes"] as? Bool == true })
        }
    }

    @Test func theHostKeyToPinIsShown() async throws {
        try await Site.with { site in
            let pin = "SHA256:" + String(repeating: "A", count: 43)
            let good = Channel.sftp.profile(site)
            try site.write(Channel.sftp.profile(site, Twist(hostKeys: [pin])), as: .sftp)
            let wrong = try await site.sluice("probe", "sftp")
            #expect(wrong.status == 1 && wrong.output.contains("✗ host key"))
            #expect(wrong.output.contains("host_keys: [\"SHA256:"))
            #expect(site.servers.sftp.hostKeys.contains(where: wrong.output.contains))
            #expect(!wrong.output.contains("✓ put"))
            let lines = good.split(separator: "\n", omittingEmptySubsequences: false)
            let without = lines.map { line in
                line.replacing(#/,? *host_keys: \[[^\]]*\]/#, with: "")
            }.joined(separator: "\n")
            try site.write(without, as: .sftp)
            let none = try await site.sluice("probe", "sftp")
            #expect(none.status == 1, "\(none.output)\n\(without)")
            #expect(site.servers.sftp.hostKeys.contains(where: none.output.contains))
        }
    }

    @Test func aServerThatRefusesIsQuoted() async throws {
        try await Site.with { site in
            let down = site.servers.http.root + "/down"
            try Data().write(to: URL(fileURLWithPath: down))
            let (status, output) = try await site.sluice("probe", "web")
            #expect(status == 1 && output.contains("✗ login") && output.contains("503"))
            unlink(down)
            let (none, words) = try await site.sluice("probe", "wbe")
            #expect(none == 2 && words.contains("did you mean 'web'?"))
        }
    }

    @Test func aCredentialIsStoredAndListed() async throws {
        try await Site.with { site in
            let file = site.home.path("credentials/sftp-key")
            let key = try Data(contentsOf: URL(fileURLWithPath: file))
            unlink(file)
            let missing = try await site.sluice("credential", "--list")
            #expect(missing.status == 1 && missing.output.contains("missing"), "\(missing.output)")
            let config = site.configuration
            func store(_ name: String, _ content: Data) async throws -> (Int32, String) {
                let input = try site.home.write(content, to: "aside/input")
                return try await Lane("store").run { () throws(any Error) in
                    let child = try Child(
                        "/bin/sh",
                        [
                            "-c", "exec \"$0\" credential \"$1\" --config \"$2\" < \"$3\"",
                            Site.executable("sluice"), name, config, input,
                        ])
                    return (child.waitForEnd(), child.output)
                }
            }
            let stored = try await store("sftp-key", key)
            #expect(stored.0 == 0 && stored.1.contains("used by sftp"), "\(stored.1)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == key)
            var about = stat()
            #expect(stat(file, &about) == 0 && about.st_mode & 0o7777 == 0o640)
            #expect(try await site.sluice("probe", "sftp").status == 0)
            #expect(try await site.sluice("credential", "--list").status == 0)
            // What would be refused is not stored, and what is there stays.
            for (name, text) in [
                ("sftp-key", ""), ("two", "a\nb\n"), (".hidden", "x"), ("a/b", "x"),
                ("long", String(repeating: "x", count: 70_000)),
            ] {
                let (status, output) = try await store(name, Data(text.utf8))
                #expect(status == 2 && output.contains("cannot use the credential"), "\(output)")
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == key)
            // One line, but not what the channel needs.
            let unfit = try await store("sftp-key", Data("just words".utf8))
            #expect(unfit.0 == 1 && unfit.1.contains("cannot use the key"), "\(unfit.1)")
            #expect(!unfit.1.contains("just words"))
            let names = try FileManager.default.contentsOfDirectory(
                atPath: site.home.path("credentials"))
            #expect(names == ["sftp-key"])
        }
    }
}
