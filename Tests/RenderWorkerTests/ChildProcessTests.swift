import Foundation
import Host
import Testing

@Suite("Child process")
struct ChildProcessTests {
    private func output(of program: ChildProcess.Program) throws -> String {
        let child = try ChildProcess(program)
        child.closeInput()
        var told = Data()
        let deadline = Deadline(seconds: 20)
        while let byte = try? child.read(1, until: deadline) { told += byte }
        #expect(try child.waitForEnd(until: deadline) == .exited(0))
        return String(decoding: told, as: UTF8.self)
    }

    @Test("inherits no signal mask, no ignored signal, no descriptor, no environment")
    func clean() throws {
        var blocked = sigset_t()
        sigfillset(&blocked)
        var before = sigset_t()
        pthread_sigmask(SIG_SETMASK, &blocked, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let leak = open("/dev/null", O_RDONLY)
        defer { close(leak) }
        let status = try output(of: .init("/bin/cat", ["/proc/self/status"]))
        for set in ["SigBlk:", "SigIgn:", "SigCgt:"] {
            let line = status.split(separator: "\n").first { $0.hasPrefix(set) }
            let text = try #require(line?.split(separator: "\t").last)
            let signals = try #require(UInt64(text, radix: 16))
            // glibc keeps 32 and 33 for itself and starts every child with them ignored.
            #expect(signals & ~0x1_8000_0000 == 0, "\(set) \(text)")
        }
        let descriptors = try output(of: .init("/bin/ls", ["/proc/self/fd"]))
        // 3 is the directory being listed.
        #expect(descriptors.split(separator: "\n") == ["0", "1", "2", "3"])
        let environment = try output(of: .init("/usr/bin/env", [], environment: ["A": "b c"]))
        #expect(environment == "A=b c\n")
    }

    @Test("is as nice as told")
    func nice() throws {
        // A shell that waits for us, so that its niceness is set by the time it looks.
        let child = try ChildProcess(.init("/bin/sh", ["-c", "read line; nice"], nice: 10))
        let deadline = Deadline(seconds: 20)
        try child.write(Data("go\n".utf8), until: deadline)
        #expect(try child.read(2, until: deadline) == Data("10".utf8))
    }

    @Test("tells an exit from a signal")
    func ends() throws {
        let deadline = Deadline(seconds: 20)
        let seven = try ChildProcess(.init("/bin/sh", ["-c", "exit 7"]))
        #expect(try seven.waitForEnd(until: deadline) == .exited(7))
        let cat = try ChildProcess(.init("/bin/cat", []))
        #expect(try cat.waitForEnd(until: Deadline(seconds: 0)) == nil)
        cat.kill(SIGTERM)
        #expect(try cat.waitForEnd(until: deadline) == .signalled(SIGTERM))
        // And once more, from memory.
        #expect(try cat.waitForEnd(until: deadline) == .signalled(SIGTERM))
    }

    @Test("writing to one that has gone is an error, not a signal")
    func brokenPipe() throws {
        let child = try ChildProcess(.init("/bin/true", []))
        let deadline = Deadline(seconds: 20)
        _ = try child.waitForEnd(until: deadline)
        #expect(throws: ChildProcess.Silence.closed) {
            try child.write(Data(count: 100_000), until: deadline)
        }
    }

    @Test("a talkative one is drained and its last words kept")
    func talkative() throws {
        let script = "i=0; while [ $i -lt 20000 ]; do echo line $i >&2; i=$((i+1)); done; echo ok"
        let child = try ChildProcess(.init("/bin/sh", ["-c", script]))
        #expect(try child.read(2, until: Deadline(seconds: 20)) == Data("ok".utf8))
        #expect(child.lastWords.hasSuffix("line 19999"))
        #expect(child.lastWords.utf8.count <= 4096)
    }

    @Test("a silent one is left at the deadline")
    func silent() throws {
        let child = try ChildProcess(.init("/bin/cat", []))
        #expect(throws: ChildProcess.Silence.deadline) {
            try child.read(1, until: Deadline(seconds: 0.05))
        }
        #expect(throws: ChildProcess.Silence.deadline) {
            // More than the pipes hold, to one whose own output nobody takes.
            try child.write(Data(count: 1 << 20), until: Deadline(seconds: 0.05))
        }
    }

    @Test("one that nobody holds any more is killed and reaped")
    func dropped() throws {
        var child: ChildProcess? = try ChildProcess(.init("/bin/cat", []))
        let pid = try #require(child?.pid)
        let watch = try ChildProcess(
            .init("/usr/bin/tail", ["--pid=\(pid)", "-f", "/dev/null", "-s", "0.05"]))
        child = nil
        #expect(try watch.waitForEnd(until: Deadline(seconds: 20)) == .exited(0))
    }
}
