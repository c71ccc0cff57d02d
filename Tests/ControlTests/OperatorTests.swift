import Control
import Foundation
import Host
import Model
import SocketClient
import Testing
import Wire

@Suite struct OperatorTests {
    private let strangers = Operators(users: [Running.nobody], groups: [Running.nobody])

    @Test func whoeverIsNoOperatorMayAskButNotAct() async throws {
        try await Running.with(operators: strangers) { running in
            let client = running.client
            _ = try await client.call(Operations.status, StatusQuestion())
            _ = try await client.call(Operations.why, WhyQuestion(sku: "A1"))
            for (path, order) in [
                ("retry", #"{"channel": "a"}"#), ("hold", #"{"channel": "a"}"#),
                ("resume", #"{"channel": "a"}"#), ("release", #"{"channel": "a"}"#),
                ("withdraw", #"{"sku": "a", "because": "b"}"#), ("reload", ""),
            ] {
                let socket = try RawSocket(running.path)
                await socket.send(
                    "POST /v1/\(path) HTTP/1.1\r\nConnection: close\r\n"
                        + "Content-Length: \(order.utf8.count)\r\n\r\n\(order)")
                let answer = await socket.receive()
                #expect(answer.hasPrefix("HTTP/1.1 403 "), "\(path)")
                #expect(answer.contains("(uid \(getuid())) may ask but not change anything"))
                #expect(answer.contains("a member of group '\(Running.nobody)'"))
            }
            #expect(running.operations.told.isEmpty)
        }
    }

    @Test(.enabled(if: getuid() == 0, "takes root, to become somebody else"))
    func theKernelSaysWhoAsksAndInWhichGroups() async throws {
        let operators = Operators(users: [], groups: ["54321"])
        try await Running.with(operators: operators) { running in
            let member = try await post(running.path, groups: "777,54321")
            #expect(member.hasSuffix(" 200"))
            let outsider = try await post(running.path, groups: "777")
            #expect(outsider.hasSuffix(" 403"))
            #expect(running.operations.told == ["hold a - by \(Accounts.name(ofUser: 65534))"])
        }
    }

    /// As uid 65534, in these groups.
    private func post(_ path: String, groups: String) async throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
        process.arguments = [
            "--reuid=65534", "--regid=65534", "--groups=\(groups)", "curl", "-s", "-m", "10",
            "--unix-socket", path, "-d", #"{"channel": "a"}"#, "-w", " %{http_code}",
            "http://sluice/v1/hold",
        ]
        let output = Pipe()
        process.standardOutput = output
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { _ in
                let data = output.fileHandleForReading.readDataToEndOfFile()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }

    @Test func namesAreLookedUpAndTheUnknownAdmitNobody() {
        let operators = Operators(
            users: ["root", "nosuch.user"], groups: ["root", "no-such-group"])
        #expect(operators.users == [0])
        #expect(operators.groups == [0])
        #expect(operators.unknown == ["user 'nosuch.user'", "group 'no-such-group'"])
        #expect(operators.admit(Peer(pid: 1, uid: 0, gid: 5, groups: [])))
        #expect(operators.admit(Peer(pid: 1, uid: 7, gid: 0, groups: [])))
        #expect(operators.admit(Peer(pid: 1, uid: 7, gid: 5, groups: [9, 0])))
        #expect(!operators.admit(Peer(pid: 1, uid: 7, gid: 5, groups: [9])))
    }

    @Test func refusalsNameTheWayIn() {
        let refusal = Operators(users: ["root"], groups: ["adm"]).refusal(name: "mia", uid: 1000)
        #expect(
            refusal.message
                == "'mia' (uid 1000) may ask but not change anything: "
                + "that takes user 'root' or a member of group 'adm'")
        #expect(refusal.next == "sudo usermod -aG adm mia, then log in again")
    }
}
