import Foundation
import Support
import Testing

/// The unit file, judged by the systemd it is for. Skipped where systemd's tools are missing.
@Suite(.enabled(if: Tool.isThere("systemd-analyze"), "systemd-analyze is not installed"))
struct UnitTests {
    @Test func systemdFindsNothingToSay() throws {
        // The executable is where the package puts it; here any other does.
        let unit = try Deploy.text("sluice.service")
            .replacingOccurrences(of: "/usr/bin/sluice", with: "/bin/true")
        try Deploy.withCopy(unit, named: "sluice.service") { path in
            let result = try Tool.run("systemd-analyze", ["verify", path])
            #expect(result.output == "")
            #expect(result.status == 0)
        }
    }

    /// 1.2 of 10; the threshold is given in tenths. What remains is the network, Unix sockets and
    /// the host's files, which the work needs.
    @Test func exposureIsLow() throws {
        let path = Deploy.path("sluice.service")
        let result = try Tool.run(
            "systemd-analyze", ["security", "--offline=true", "--threshold=12", path])
        #expect(result.status == 0, "\(result.output.suffix(200))")
    }

    @Test(.enabled(if: getuid() == 0, "takes root, to give files to others"))
    func accountsAndDirectoriesAreMade() throws {
        try Deploy.withCopy("", named: "empty") { empty in
            let root = URL(fileURLWithPath: empty).deletingLastPathComponent().path
            try FileManager.default.createDirectory(
                atPath: root + "/etc", withIntermediateDirectories: true)
            let users = try Tool.run(
                "systemd-sysusers", ["--root=\(root)", Deploy.path("sluice.sysusers")])
            #expect(users.status == 0, "\(users.output)")
            let groups = try String(contentsOfFile: root + "/etc/group", encoding: .utf8)
            #expect(groups.contains("sluice-ops:x:") && groups.contains("sluice-spool:x:"))

            let directories = try Tool.run(
                "systemd-tmpfiles", ["--root=\(root)", "--create", Deploy.path("sluice.tmpfiles")])
            #expect(directories.status == 0, "\(directories.output)")
            let spool = try FileManager.default.attributesOfItem(
                atPath: root + "/var/spool/sluice/incoming")
            #expect(spool[.posixPermissions] as? Int == 0o2775)
        }
    }

    @Test func whatTheWorkMustHaveIsThere() throws {
        let lines = try Deploy.text("sluice.service").split(separator: "\n").map(String.init)
        for line in [
            // libnuma calls set_mempolicy; a kill would end every worker.
            "SystemCallErrorNumber=EPERM",
            "SystemCallFilter=landlock_create_ruleset landlock_add_rule landlock_restrict_self seccomp",
            // The socket decides by the peer; everybody must reach it.
            "RuntimeDirectoryMode=0755", "RestartPreventExitStatus=78", "OOMPolicy=continue",
            "Type=notify", "TimeoutStopSec=30", "KillMode=mixed",
        ] {
            #expect(lines.contains(line))
        }
        // It would blind SO_PEERCRED.
        #expect(!lines.contains { $0.hasPrefix("PrivateUsers=") })
    }
}

/// The folder these tests are about.
enum Deploy {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("deploy")

    static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    static func text(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8)
    }

    /// A file in a directory of its own, which goes afterwards.
    static func withCopy<Value>(
        _ text: String, named name: String, _ body: (String) throws -> Value
    ) throws -> Value {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("deploy-\(UInt32.random(in: 0...UInt32.max))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appendingPathComponent(name)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return try body(file.path)
    }
}

enum Tool {
    static func isThere(_ name: String) -> Bool { path(name) != nil }

    private static func path(_ name: String) -> String? {
        ["/usr/bin/", "/bin/", "/usr/sbin/"].map { $0 + name }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static func run(
        _ name: String, _ arguments: [String]
    ) throws -> (status: Int32, output: String) {
        // Not Foundation's: two of them waiting at once have waited for ever.
        let child = try Child(try #require(path(name)), arguments)
        let status = child.waitForEnd()
        return (status, child.output)
    }
}
