import CHost
import Foundation
import Host
import Testing

/// What systemd would hear, on a datagram socket of our own.
@Suite struct NotifyTests {
    @Test func everythingIsSaidInSystemdsWords() async throws {
        let path =
            FileManager.default.temporaryDirectory.path
            + "/notify-\(UInt32.random(in: 0...UInt32.max))"
        let ear = try Ear(path)
        defer { unlink(path) }
        let notify = ServiceNotify(environment: ["NOTIFY_SOCKET": path], pid: 1)
        let before = sluice_monotonic_microseconds()
        try notify.ready(status: "2 channels\nREADY=0")
        try notify.watchdog()
        try notify.stopping()
        try notify.reloading()
        #expect(await ear.hear() == "READY=1\nSTATUS=2 channels READY=0")
        #expect(await ear.hear() == "WATCHDOG=1")
        #expect(await ear.hear() == "STOPPING=1")
        let reloading = await ear.hear().split(separator: "\n")
        #expect(reloading.first == "RELOADING=1")
        let moment = reloading.last.flatMap { UInt64($0.dropFirst("MONOTONIC_USEC=".count)) }
        let after = sluice_monotonic_microseconds()
        #expect(moment.map { (before...after).contains($0) } == true)
    }

    @Test func withoutSystemdNothingHappens() throws {
        let notify = ServiceNotify(environment: [:], pid: 1)
        try notify.ready()
        try notify.status("x")
        #expect(notify.watchdogInterval == nil)
    }

    @Test func aSocketThatIsGoneIsAnError() {
        let notify = ServiceNotify(environment: ["NOTIFY_SOCKET": "/nowhere/notify"], pid: 1)
        #expect(throws: HostError.self) { try notify.ready() }
    }

    @Test func theWatchdogWantsTwoSignsInItsTime() {
        func interval(_ environment: [String: String]) -> TimeInterval? {
            ServiceNotify(environment: environment, pid: 77).watchdogInterval
        }
        #expect(interval(["WATCHDOG_USEC": "30000000"]) == 15)
        #expect(interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "77"]) == 15)
        #expect(interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "78"]) == nil)
        #expect(interval(["WATCHDOG_USEC": "soon"]) == nil)
    }
}

private struct Ear: Sendable {
    let descriptor: Int32
    let lane = Lane("ear")

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { throw HostError("bind", path, errno) }
    }

    func hear() async -> String {
        let descriptor = descriptor
        return await lane.run { () throws(Never) in
            var buffer = [UInt8](repeating: 0, count: 4096)
            let got = recv(descriptor, &buffer, buffer.count, 0)
            return String(decoding: buffer.prefix(max(0, got)), as: UTF8.self)
        }
    }
}
