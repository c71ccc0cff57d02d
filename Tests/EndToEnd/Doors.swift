import Foundation
import Host
import Model
import Support
import Testing
import Wire

/// The socket of the real daemon: one daemon's, and open when descriptors are short.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Doors {
    @Test func aSecondDaemonWithAnotherStateDoesNotTakeTheSocketOver() async throws {
        try await Site.with { site in
            try site.start()
            try await site.ready()
            let other = try String(contentsOfFile: site.configuration, encoding: .utf8)
                .replacing("state: state", with: "state: other")
            try site.home.write(other, to: "other.yaml")
            let path = site.home.path("other.yaml")
            let second = try await Lane("second").run { () throws(any Error) in
                let child = try Child(Site.executable("sluice"), ["run", "--config", path])
                return (status: child.waitForEnd(), output: child.output)
            }
            #expect(second.status == 2)
            #expect(second.output.contains("another daemon listens on"))
            #expect(second.output.contains("pid \(site.pid)"), "\(second.output)")
            #expect(try await site.status().pid == Int(site.pid))
            // A dead one's socket is no obstacle.
            await site.kill()
            try site.start()
            try await site.ready()
        }
    }

    @Test func letsPeopleInAgainAfterTheDescriptorsRanOut() async throws {
        try await Site.with { site in
            try site.start()
            try await site.settle()
            let pid = site.pid
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
            func limit(_ number: Int) throws {
                try Tool.run(
                    "prlimit", ["--pid", "\(pid)", "--nofile=\(number):8192"], package: "util-linux"
                )
            }
            try limit(open + 4)
            let script = """
                use Socket; $| = 1;
                for (1..60) {
                    socket($_, AF_UNIX, SOCK_STREAM, 0) or die;
                    connect($_, sockaddr_un('\(site.home.path("s.sock"))')) or die "connect: $!";
                    push @all, *{$_}{IO};
                }
                print "all are in\\n"; sleep 1000;
                """
            let crowd = try Child("/usr/bin/perl", ["-e", script])
            defer { crowd.stop() }
            #expect(crowd.waitForOutput("all are in"), "\(crowd.output)")
            crowd.stop()
            try limit(8192)
            try await site.wait(for: "the daemon to answer again") {
                try await site.sluice("status", "--json").output.hasPrefix("{")
            }
        }
    }
}
