#if DEBUG
import CHost
import Foundation
import Model
import Wire

/// Asks the kernel from within for everything it can be asked: every number of its table and beyond,
/// with arguments that would harm the parent, a sibling, the ledger or what may be read. The test
/// looks afterwards whether all of them are as they were.
struct Sweep {
    /// Later ones than any kernel has: what it learns tomorrow.
    private static let last = 600
    /// Seconds of processor. What a call does to this process itself may make it run in circles; then it
    /// ends as by any other deadly call, and is named.
    private static let most = rlim_t(60)

    private let parent: Int
    private let sibling: Int
    private let arena: Arena
    private let answers: Int32

    /// `FIRST:PARENT:SIBLING:STATE:MASTER`: the number to begin with, two processes, a directory with
    /// a `ledger.sqlite`, and a file that may be read. Says each number before it is
    /// tried, so that it is known which one ended the process, and `done` at the end.
    static func run(
        _ order: String, layers: [WorkerGreeting.Layer], to answers: Int32
    ) -> Never {
        // Where nothing holds them back, these calls are not tried at all: they would be done.
        guard layers.contains(where: { $0.name == "seccomp" && $0.on }) else {
            giveUp(70, "there is no filter to sweep against")
        }
        var limit = rlimit(rlim_cur: most, rlim_max: most)
        setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
        let words = order.split(separator: ":").map(String.init)
        guard words.count == 5, let first = Int(words[0]), let parent = Int(words[1]),
            let sibling = Int(words[2])
        else { giveUp(64, "'\(order)' is no order for a sweep") }
        let sweep = Sweep(
            parent: parent, sibling: sibling,
            arena: Arena(ledger: words[3] + "/ledger.sqlite", state: words[3], master: words[4]),
            answers: answers)
        sweep.say(layers.first { $0.name == "landlock" }.map { "landlock=\($0.detail)" } ?? "")
        if first == 0 { sweep.findings() }
        for number in first...last { sweep.call(number) }
        sweep.say("done")
        exit(0)
    }

    private func say(_ line: String) {
        let text = Array((line + "\n").utf8)
        _ = write(answers, text, text.count)
    }

    /// What was done from within before there was a list of what is allowed.
    private func findings() {
        for (name, number, arguments) in Findings(parent: parent, arena: arena).all {
            arena.fill()
            let answer = arguments.withUnsafeBufferPointer {
                sluice_call(number, $0.baseAddress)
            }
            say("\(name)=\(answer >= 0 ? "done" : String(cString: strerror(Int32(-answer))))")
        }
    }

    private func call(_ number: Int) {
        say("\(number)")
        var listed = false
        for file in arena.files() {
            for arguments in attempts(file) {
                arena.fill()
                let answer = arguments.withUnsafeBufferPointer {
                    sluice_call(number, $0.baseAddress)
                }
                if answer != Int(-ENOSYS) { listed = true }
            }
        }
        for descriptor in 3..<Int32(64) where descriptor != answers { close(descriptor) }
        if listed { say("listed=\(number)") }
    }

    private func attempts(_ file: Int) -> [[Int]] {
        let full = { (some: [Int]) in some + Array(repeating: 0, count: 6 - some.count) }
        let all =
            [parent, sibling].flatMap(onProcess) + arena.paths.flatMap(onPath) + onFile(file)
        return all.map(full)
    }

    private func onProcess(_ pid: Int) -> [[Int]] {
        let it = arena
        return [
            [pid], [pid, Int(SIGTERM)], [pid, Int(SIGTERM), it.junk], [pid, pid, Int(SIGTERM)],
            [pid, pid, Int(SIGTERM), it.junk], [0, pid, 15], [1, pid, 3 << 13],
            [pid, 3, it.zeros], [pid, it.zeros], [pid, 8, it.ones], [pid, it.ones, 0],
            [pid, 7, it.ones, 0], [pid, 0, it.ones, it.zeros],
            [pid, it.vector, 1, it.vector, 1, 0],
            [16, pid, 0, 0], [0x4206, pid, 0, 0], [pid, 0], [pid, pid, 0, 0, 0],
            [1, pid, it.junk, 4], [pid, 1, it.vector, it.zeros, 0, 2],
        ]
    }

    private func onPath(_ path: Int) -> [[Int]] {
        let (it, here) = (arena, Int(AT_FDCWD))
        return [
            [path], [path, 0o777], [path, 0], [path, 0, 0], [path, 1000, 1000], [path, it.fresh],
            [path, it.zeros], [path, it.name, it.junk, 4, 0], [path, it.name],
            [path, Int(O_RDWR)], [path, Int(O_TRUNC) | 3],
            [path, Int(O_WRONLY | O_CREAT | O_TRUNC)],
            [here, path], [here, path, 0], [here, path, 0o777], [here, path, 0o777, 0],
            [here, path, 1000, 1000, 0], [here, path, it.zeros, 0],
            [here, path, here, it.fresh, 0],
            [here, path, 0, it.name, it.attribute, 16], [here, path, 0, it.name],
            [here, path, Int(O_RDWR)], [here, path, Int(O_TRUNC) | 3], [here, path, Int(O_TRUNC)],
            [here, path, Int(O_WRONLY | O_CREAT | O_TRUNC), 0o600], [here, path, it.ones, 24],
            [here, it.fresh, 0o777], [it.fresh, 0o777], [it.fresh, path], [path, here, it.fresh],
            [path, path, 0, 4096, 0], [1, path, 0, 0], [here, path, it.attribute, 32, 0],
        ]
    }

    private func onFile(_ file: Int) -> [[Int]] {
        let it = arena
        return [
            [file], [file, 0o777], [file, 0], [file, 0, 0], [file, 1000, 1000],
            [file, it.name, it.junk, 4, 0], [file, it.name], [file, 8, parent], [file, 10, 9],
            [file, 4, 0o20000], [file, 15, it.junk], [file, 1024, 1], [file, 1026, 0x8000_003F],
            [file, 6, it.zeros], [file, 0x5452, it.ones], [file, 0x8901, it.ones],
            [file, 0x4008_6602, it.ones], [file, 2], [file, 0, 0, 1 << 20], [file, 0, it.zeros, 0],
            [file, it.junk, 64], [file, it.junk, 64, 0], [file, it.vector, 1],
            [file, it.vector, 1, 0, 0, 0], [file, it.empty, 0o777, 0x1000],
            [file, it.empty, 1000, 1000, 0x1000],
            [file, it.empty, 0x1000, it.name, it.attribute, 16],
            [file, 0, file, 0, 1 << 10, 0],
        ]
    }
}
#endif
