import Control
import Foundation
import Host
import Model
import ServiceLifecycle
import SocketClient
import Synchronization
import Testing
import Wire

/// The built executable against a real socket: what it prints where, and how it exits.
@Suite(.timeLimit(.minutes(1))) struct CommandLineTests {
    @Test func exitStatusSaysHowItIs() async throws {
        try await Running.with { running in
            let sluice = try Sluice(socket: running.path)
            #expect(try await sluice.run("status").status == 0)
            running.operations.say([(verdict: .attention, idle: true)])
            #expect(try await sluice.run("status").status == 1)
            #expect(try await sluice.run("why", "A1").status == 0)
            #expect(try await sluice.run("why", "REFUSED").status == 1)
            #expect(try await sluice.run("why", "UNKNOWN").status == 2)
            #expect(try await sluice.run("live", "A1").status == 0)
            let unknown = try await sluice.run("live", "UNKNOWN")
            #expect(unknown.status == 2 && unknown.output.contains("did you mean 'A1'?"))
            #expect(try await sluice.run("reload").status == 0)
            running.operations.vanished.withLock { $0 = true }
            #expect(try await sluice.run("reload").status == 1)
            #expect(try await sluice.run("status", "--sausage").status == 64)
            #expect(try await sluice.run("withdraw", "A1").status == 64)
            #expect(try await sluice.run("withdraw", "A1", "--because", " ").status == 64)
        }
    }

    @Test func refusalsGoToStandardErrorWithWhatToDo() async throws {
        try await Running.with { running in
            let sluice = try Sluice(socket: running.path)
            let why = try await sluice.run("why", "A1", "--channel", "amazn")
            #expect(why.status == 2)
            #expect(why.output == "")
            #expect(
                why.errors == "sluice: there is no channel 'amazn'\n  did you mean 'amazon'?\n")
        }
    }

    @Test func ordersReachTheDaemon() async throws {
        try await Running.with { running in
            let sluice = try Sluice(socket: running.path)
            let done = try await sluice.run(
                "withdraw", "A1", "--view", "detail", "--number", "2", "--because", "licence")
            #expect(done.output == "withdrawn\n")
            for arguments in [
                ["bump", "A1", "--view", "front", "--channel", "amazon"],
                ["retry", "--channel", "amazon", "--cause", "login"],
                ["hold", "amazon", "--because", "sale"], ["resume", "amazon"],
                ["forget", "amazon"], ["forget", "amazon", "--leave"],
            ] {
                #expect(try await sluice.run(arguments).status == 0)
            }
            #expect(try await sluice.run("release", "amazon").status == 2)
            let name = Accounts.name(ofUser: getuid())
            #expect(
                running.operations.told == [
                    "withdraw A1 detail 2 - because licence by \(name)",
                    "bump A1 front amazon by \(name)",
                    "retry amazon login by \(name)", "hold amazon sale by \(name)",
                    "resume amazon by \(name)", "forget amazon by \(name)",
                    "forget amazon and leave by \(name)",
                ])
        }
    }

    @Test func aListIsReadPageByPage() async throws {
        try await Running.with { running in
            let sluice = try Sluice(socket: running.path)
            let shown = try await sluice.run(
                "list", "refused", "--channel", "amazon", "--gate", "compliance", "--sku", "A/1")
            #expect(shown.status == 0)
            #expect(
                shown.output == """
                      A1 front  amazon  compliance  it is too small
                      A2 front  amazon  compliance  it is too small
                      A3 front  amazon  compliance  it is too small

                    """)
            #expect(
                running.operations.told == [
                    "list refused amazon compliance A/1 -",
                    "list refused amazon compliance A/1 2 & more",
                ])
            let lines = try await sluice.run("list", "refused", "--json").output
                .split(separator: "\n")
            #expect(lines.count == 3)
            #expect(lines[2].contains(#""asset":"A3 front""#))
            // What a release would let pass is a list as well; nothing is released by it.
            #expect(try await sluice.run("release", "amazon", "--dry-run").status == 0)
            #expect(running.operations.told.last == "list due amazon - - 2 & more")
        }
    }

    @Test func whatIsMistypedGetsTheNearMiss() async throws {
        try await Running.with { running in
            let sluice = try Sluice(socket: running.path)
            for (words, answer) in [
                (["staus"], "there is no command 'sluice staus'\n  did you mean 'sluice status'?"),
                (["help", "wihtdraw"], "did you mean 'sluice withdraw'?"),
                (["frobnicate"], "'sluice --help' names them"),
                (["list", "refusd"], "there is no list 'refusd'; did you mean 'refused'?"),
                (["list", "refused", "--gate", "compliace"], "did you mean 'compliance'?"),
                (["status", "--jsno"], "Did you mean '--json'?"),
            ] {
                let said = try await sluice.run(words)
                #expect(said.status == 64, "\(words)")
                #expect(said.errors.contains(answer), "\(said.errors)")
            }
            #expect(try await sluice.run("help", "list").status == 0)
            #expect(try await sluice.run("--version").status == 0)
            #expect(running.operations.told.isEmpty)
        }
    }

    @Test func jsonIsTheAnswerAsItCame() async throws {
        try await Running.with { running in
            let shown = try await Sluice(socket: running.path).run("status", "--json").output
            let asked = try await running.client.reply(
                to: Operations.status, StatusQuestion()
            ).bytes
            #expect(shown == String(decoding: asked, as: UTF8.self))
            #expect(!shown.contains("\u{1B}"))
        }
    }

    @Test func waitingEndsWhenThereIsNothingToDo() async throws {
        try await Running.with { running in
            let sluice = try Sluice(socket: running.path)
            running.operations.say([(.attention, false), (.attention, false), (.ok, true)])
            let status = try await sluice.run("status", "--wait", "--timeout", "30")
            #expect(status.status == 0)
            #expect(status.output.hasPrefix("● ok: 1 channel"))
            running.operations.say([(.ok, false)])
            let late = try await sluice.run("status", "--wait", "--timeout", "0.3")
            #expect(late.status == 2)
            #expect(late.errors.hasPrefix("sluice: still at work"))
        }
    }

    @Test func watchShowsEventsAndEndsWithTheDaemon() async throws {
        try await Running.with { running in
            let sluice = try Sluice(socket: running.path)
            async let watching = sluice.run("watch", "--after", "3")
            var arrivals = running.operations.arrivals.makeAsyncIterator()
            #expect(await arrivals.next() == 3)
            running.operations.send(FakeOperations.event(4))
            await running.group.triggerGracefulShutdown()
            let watched = try await watching
            #expect(watched.status == 0)
            #expect(watched.output.contains("confirmed   amazon       A1 front"))
        }
    }

    @Test func whenNobodyReadsTheWatchEnds() async throws {
        try await Running.with { running in
            let sluice = try Sluice(socket: running.path)
            async let watching = sluice.runShell("exec \"$0\" watch > /dev/full")
            var arrivals = running.operations.arrivals.makeAsyncIterator()
            _ = await arrivals.next()
            running.operations.send(FakeOperations.event(1))
            #expect(try await watching.status == 0)
        }
    }

    @Test func theTableNeedsNoDaemon() async throws {
        let sluice = try Sluice(socket: "/tmp/no-such-directory/s.sock")
        let shown = try await sluice.run("api", "quarantine")
        #expect(shown.status == 0)
        #expect(shown.output.contains("POST /v1/quarantine/dismiss\n"))
        #expect(shown.output.contains("curl --unix-socket /tmp/no-such-directory/s.sock "))
        #expect(!shown.output.contains("/v1/status"))
        let json = try await sluice.run("api", "--json").output
        let answer = try SocketFormat.decode(APIAnswer.self, from: Data(json.utf8))
        #expect(answer.endpoints == Operations.all)
        #expect(try await sluice.run("api", "frobnicate").status == 2)
    }

    @Test func withoutADaemonItSaysSo() async throws {
        let sluice = try Sluice(socket: "/tmp/no-such-directory/s.sock")
        let status = try await sluice.run("status")
        #expect(status.status == 2)
        #expect(
            status.errors == """
                sluice: no daemon is running: nothing listens on '/tmp/no-such-directory/s.sock'
                  start it with 'systemctl start sluice', or by hand with 'sluice run'

                """)
    }

    @Test func aBadConfigurationIs78() async throws {
        let sluice = try Sluice(configuration: "socket: [")
        #expect(try await sluice.run("status").status == 78)
        #expect(try await sluice.run("status", "--config", "/no/such.yaml").status == 78)
    }
}

/// The executable, with a configuration of its own.
private struct Sluice: Sendable {
    private let executable: String
    private let configuration: String
    private let directory: Directory

    /// Goes with the last who uses it.
    private final class Directory: Sendable {
        let path: String

        init() throws {
            path =
                FileManager.default.temporaryDirectory.path
                + "/sluice-command-\(UInt32.random(in: 0...UInt32.max))"
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    struct Result: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    init(socket: String) throws { try self.init(configuration: "socket: {path: \(socket)}\n") }

    init(configuration text: String) throws {
        // Built next to the tests.
        executable =
            URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("sluice").path
        directory = try Directory()
        configuration = directory.path + "/sluice.yaml"
        try text.write(toFile: configuration, atomically: true, encoding: .utf8)
    }

    func run(_ arguments: String...) async throws -> Result { try await run(arguments) }

    func run(_ arguments: [String]) async throws -> Result {
        try await launch(executable, arguments)
    }

    /// `$0` is the executable.
    func runShell(_ script: String) async throws -> Result {
        try await launch("/bin/sh", ["-c", script, executable])
    }

    private func launch(_ path: String, _ arguments: [String]) async throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = [
            "SLUICE_CONFIG": configuration, "TZ": "UTC", "PATH": "/usr/bin:/bin",
        ]
        let files = (directory.path + "/out", directory.path + "/errors")
        for file in [files.0, files.1] {
            _ = FileManager.default.createFile(atPath: file, contents: nil)
        }
        process.standardOutput = FileHandle(forWritingAtPath: files.0)
        process.standardError = FileHandle(forWritingAtPath: files.1)
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        return Result(
            status: status,
            output: try String(contentsOfFile: files.0, encoding: .utf8),
            errors: try String(contentsOfFile: files.1, encoding: .utf8))
    }
}
