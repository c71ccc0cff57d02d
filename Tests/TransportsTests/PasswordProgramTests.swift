import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// Passwords that live for a short time, from a program that prints them.
@Suite(.fewServers, .timeLimit(.minutes(5))) struct PasswordProgramTests {
    private let folder: TemporaryDirectory
    private let file: Outgoing
    private let name: RemoteName
    private static let canary = "canary-77aa"

    init() throws {
        folder = try TemporaryDirectory()
        file = try makeOutgoing(Data("a rendition".utf8), in: folder)
        name = try remote("a.jpg")
    }

    /// - Parameter script: in a shell; each run is counted before.
    private func program(_ script: String) throws -> Password {
        let counted = "echo run >>'\(folder.path("runs"))'\n\(script)"
        return .program(try folder.write(script: counted, to: "password"))
    }

    private var runs: Int {
        let text = try? String(contentsOfFile: folder.path("runs"), encoding: .utf8)
        return text?.split(separator: "\n").count ?? 0
    }

    private func start() async throws -> FTPServer {
        let server = try await FTPServer.start(.vsftpd)
        try folder.give(server)
        return server
    }

    @Test func itRunsForEachLogin() async throws {
        let server = try await start()
        var options = server.options
        options.password = try program("printf '%s\\r\\nmore\\n' '\(server.password)'")
        #expect(options.passwordProgram == folder.path("password"))
        let clock = SteppedClock()
        let transport = try options.makeTransport(
            TransportMeans(
                credentials: Credentials(directory: folder.path("credentials"), systemd: nil),
                clock: clock.clock))
        for number in 1...4 { try await transport.put(file, as: try remote("\(number).jpg")) }
        #expect(runs == 1)
        // The server may have hung up meanwhile, and the password ended.
        clock.go(to: clock.now.addingTimeInterval(60))
        try await transport.put(file, as: name)
        #expect(runs == 2)
        await transport.close()
        await server.stop()
    }

    @Test func afterARefusalItRunsOnceMore() async throws {
        let server = try await start()
        var options = server.options
        options.password = try program(
            "if [ $(wc -l <'\(folder.path("runs"))') = 1 ]; then echo ended; "
                + "else echo '\(server.password)'; fi")
        let transport = try make(options, in: folder)
        try await transport.put(file, as: name)
        #expect(runs == 2)
        await transport.close()
        options.password = try program("echo \(Self.canary)")
        let other = try make(options, in: folder)
        let error = await #expect(throws: DeliveryError.self) {
            try await other.put(file, as: name)
        }
        #expect(error?.remedy == .fixChannel, "\(error?.message ?? "")")
        #expect(error?.message.contains(Self.canary) == false)
        #expect(runs == 4, "and not for ever")
        await other.close()
        await server.stop()
    }

    @Test(arguments: [
        ("echo \(canary); echo \(canary) >&2; exit 3", "exit status 3"),
        ("true", "no password"), ("printf '\\0\\n'", "no password"),
        ("head -c 9000 /dev/zero | tr '\\0' x", "too much"), ("sleep 1000", "too long"),
    ])
    func whatPrintsNoPasswordStopsTheChannel(_ script: String, _ words: String) async throws {
        let server = try await start()
        var options = server.options
        options.password = try program(script)
        var timeouts = Timeouts()
        timeouts.connect = script.hasPrefix("sleep") ? 0.5 : 20
        let transport = try make(options, in: folder, timeouts: timeouts)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: name)
        }
        #expect(error?.remedy == .fixChannel, "\(error?.message ?? "")")
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains(Self.canary) == false)
        #expect(server.log.isEmpty, "nobody was dialled")
        await transport.close()
        await server.stop()
    }

    @Test func oneThatOthersMayReplaceIsNotRun() async throws {
        let server = try await start()
        var options = server.options
        options.password = try program("echo '\(server.password)'")
        // The file itself, then the folder it lies in.
        for path in [folder.path("password"), folder.path] {
            let before = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            let mode = (before as? NSNumber)?.uint32Value ?? 0
            chmod(path, mode | 0o020)
            let transport = try make(options, in: folder)
            let error = await #expect(throws: DeliveryError.self) {
                try await transport.put(file, as: name)
            }
            await transport.close()
            #expect(error?.remedy == .fixChannel)
            #expect(error?.message.contains("others than root may change '\(path)'") == true)
            chmod(path, mode)
        }
        #expect(runs == 0 && server.log.isEmpty)
        await server.stop()
    }

    @Test func aProgramThatIsNotThereIsNamed() async throws {
        let server = try await start()
        var options = server.options
        options.password = .program(folder.path("missing"))
        let transport = try make(options, in: folder)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: name)
        }
        #expect(error?.message.contains(folder.path("missing")) == true)
        await transport.close()
        await server.stop()
    }

    @Test func anHTTPServerIsAskedOnceMoreAsWell() async throws {
        func answer(_ status: String) -> [RawServer.Act] {
            [
                .readUntil("\r\n\r\n"),
                .send("HTTP/1.1 \(status)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
                .close,
            ]
        }
        let server = try RawServer(answer("401 No"), answer("404 None"))
        let options = HTTPOptions(
            .server(server.port), user: "shop",
            password: try program("wc -l <'\(folder.path("runs"))'"))
        let transport = try make(options, in: folder)
        #expect(try await transport.isAbsent(name))
        #expect(runs == 2)
        let logins = ["shop:1", "shop:2"].map { Data($0.utf8).base64EncodedString() }
        // It asks in another way as well before it believes that nothing is there.
        #expect(server.requests.count >= 2)
        for (request, login) in zip(server.requests, logins) {
            #expect(request.contains("Basic \(login)"))
        }
        await transport.close()
        server.stop()
    }
}
