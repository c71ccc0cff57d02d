import Control
import Foundation
import Host
import Model
import SocketClient
import Support
import Testing
import Wire

/// Many connections of somebody who may only ask keep nobody out who has to put things right.
@Suite(.timeLimit(.minutes(1))) struct CrowdTests {
    private static let isRoot = getuid() == 0

    /// Connects so many times as `uid`, and then just sits there.
    private func crowd(_ path: String, _ number: Int, uid: Int) throws -> Child {
        let script = """
            use Socket; $| = 1;
            for (1..\(number)) {
                socket($_, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!";
                connect($_, sockaddr_un('\(path)')) or die "connect: $!";
                push @all, *{$_}{IO};
            }
            print "all are in\\n"; sleep 1000;
            """
        return try Child(
            "/usr/bin/setpriv",
            [
                "--reuid=\(uid)", "--regid=\(uid)", "--clear-groups", "/usr/bin/perl", "-e", script,
            ])
    }

    @Test(.enabled(if: isRoot, "takes root, to become somebody else"))
    func rootAndOperatorsAreAnsweredBesideACrowd() async throws {
        let operators = Operators(users: ["65533"], groups: [])
        try await Running.with(operators: operators) { running in
            let crowd = try crowd(running.path, 800, uid: 65534)
            defer { crowd.stop() }
            #expect(crowd.waitForOutput("all are in"), "\(crowd.output)")
            for _ in 1...12 {
                _ = try await running.client.call(Operations.status, StatusQuestion())
            }
            let asked = try Child(
                "/usr/bin/setpriv",
                [
                    "--reuid=65533", "--regid=65533", "--clear-groups", "curl", "-s", "-m", "10",
                    "--unix-socket", running.path, "-w", " %{http_code}", "http://sluice/v1/status",
                ])
            #expect(asked.waitForEnd() == 0 && asked.output.hasSuffix(" 200"))
        }
    }

    @Test func whoeverFindsNoSeatDoesNotWaitForIt() async throws {
        var timeouts = SocketService.Timeouts()
        timeouts.asking = 1000
        timeouts.quota = ConnectionQuota(total: 1, perUser: 1, keptForOperators: 0, keptForRoot: 0)
        try await Running.with(timeouts: timeouts) { running in
            let seated = try RawSocket(running.path)
            await seated.send("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect((await seated.receive(until: "endpoints")).contains("200 OK"))
            // It asks nothing, and is told and hung up on all the same.
            let late = try RawSocket(running.path)
            #expect((await late.receive()).hasPrefix("HTTP/1.1 503 "))
            seated.hangUp()
        }
    }

    /// Somebody listens who never lets anybody in.
    @Test func aFullQueueIsBusyAndNotNobody() async throws {
        let home = try TemporaryDirectory()
        let path = home.path("s.sock")
        let listener = try Listener(path)
        defer { listener.close() }
        var waiting: [RawSocket] = []
        while let next = try? RawSocket(path, waits: false) { waiting.append(next) }
        do throws(Client.Failure) {
            _ = try await Client(socket: path, timeouts: .zero).call(
                Operations.status, StatusQuestion())
            Issue.record("somebody answered")
        } catch {
            #expect(error.description == "the daemon is busy: too many wait at '\(path)'")
        }
        for socket in waiting { socket.hangUp() }
    }

    @Test func aSocketThatIsTakenIsNamedWithItsOwner() async throws {
        try await Running.with { running in
            let name = Accounts.name(ofUser: getuid())
            #expect(whyNot(running.path)?.contains("(pid \(getpid()), user \(name))") == true)
            _ = try await running.client.call(Operations.api)
        }
        let home = try TemporaryDirectory()
        let path = home.path("new/s.sock")
        let claim = try SocketClaim.take(path)
        #expect(whyNot(path) == "another daemon listens on '\(path)'")
        _ = consume claim
        #expect(whyNot(path) == nil)
    }

    private func whyNot(_ path: String) -> String? {
        do throws(SocketService.Failure) {
            _ = try SocketClaim.take(path)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
