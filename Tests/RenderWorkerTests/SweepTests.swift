import CHost
import Foundation
import Host
import PictureSupport
import Testing

/// Every system call there is, from inside the worker's walls, against what lies beside them: with
/// the kernel's own Landlock and as on older kernels. What is compared is what became of the others.
@Suite("Every system call")
struct SweepTests {
    private static let none = "Operation not supported"

    @Test(
        "from inside harms neither parent nor sibling nor ledger nor file",
        arguments: [nil, 2, 1, 0] as [Int32?])
    func sweep(landlock: Int32?) throws {
        let prey = try Prey()
        let before = try prey.state()
        let told = try prey.sweep(landlock: landlock)
        #expect(try prey.state() == before)
        let wall = landlock.map { $0 == 0 ? Self.none : "ABI \($0)" }
        if let wall { #expect(told.landlock == wall) }
        for (name, answer) in told.findings {
            #expect(
                answer == "Operation not permitted" || answer == "Function not implemented",
                "\(name): \(answer)")
        }
        #expect(told.findings.count == 29)
        // What ends the process ends nobody else.
        #expect(Self.own.isSuperset(of: told.deadly), "\(told.deadly)")
        // What no kernel has yet does not exist either.
        #expect(told.listed.count < 70 && told.listed.allSatisfy { $0 < 424 })
    }

    /// rt_sigreturn, exit, exit_group; and uretprobe and uprobe, which no filter is asked about: the
    /// kernel itself ends whoever makes them.
    #if arch(x86_64)
    private static let own: Set = [15, 60, 231, 335, 336]
    #else
    private static let own: Set = [139, 93, 94]
    #endif
}

/// A parent and a sibling of the worker, a state directory with a ledger, and a master.
private struct Prey {
    struct Told {
        var landlock = ""
        var findings: [String: String] = [:]
        /// Calls that ended the process that made them.
        var deadly: [Int] = []
        /// Calls that are answered at all.
        var listed: Set<Int> = []
    }

    /// The worker's parent, who starts it again after a call that has ended it.
    private static let shell = """
        others=$1; shift
        while read -r first; do "$@" --sweep "$first:$$:$others" </dev/null; echo end; done
        """

    private let bench: Workbench
    private let home: Folder
    private let sibling: ChildProcess

    init() throws {
        bench = try Workbench()
        home = try Folder()
        try bench.draw("master.png")
        for name in ["ledger.sqlite", "ledger.sqlite-wal"] {
            try home.write(Data("what happened so far".utf8), as: name)
        }
        chmod(home.path, 0o700)
        chmod(home["ledger.sqlite"], 0o600)
        sibling = try ChildProcess(.init("/bin/sleep", ["1000"]))
    }

    func sweep(landlock: Int32?) throws -> Told {
        let others = "\(sibling.pid):\(home.path):\(bench.masters["master.png"])"
        let worker = [
            Workbench.executable, "--role", "render", "--masters", bench.masters.path, "--output",
            bench.output.path,
        ]
        let wall = landlock.map { ["--landlock", "\($0)"] } ?? []
        let parent = try ChildProcess(
            .init("/bin/sh", ["-c", Self.shell, "sh", others] + worker + wall))
        let before = try Self.state(of: parent.pid)
        var told = Told()
        var first = 0
        while let died = try call(from: first, parent, &told) {
            told.deadly.append(died)
            first = died + 1
        }
        #expect(try Self.state(of: parent.pid) == before)
        return told
    }

    /// - Returns: the call that ended the process; nil when it came to the end.
    private func call(from first: Int, _ parent: ChildProcess, _ told: inout Told) throws -> Int? {
        let deadline = Deadline(seconds: 120)
        try parent.write(Data("\(first)\n".utf8), until: deadline)
        var last: Int?
        var whole = false
        while true {
            let line = try Self.line(of: parent, deadline)
            if let number = Int(line) {
                last = number
            } else if line == "done" {
                whole = true
            } else if line == "end" {
                guard !whole else { return nil }
                return try #require(last, "\(parent.lastWords)")
            } else if let equals = line.firstIndex(of: "=") {
                let (name, value) = (line[..<equals], String(line[line.index(after: equals)...]))
                switch name {
                case "landlock": told.landlock = value
                case "listed": told.listed.insert(try #require(Int(value)))
                default: told.findings[String(name)] = value
                }
            }
        }
    }

    private static func line(of child: ChildProcess, _ deadline: Deadline) throws -> String {
        var line = Data()
        while true {
            let byte = try child.read(1, until: deadline)
            if byte == Data("\n".utf8) { return String(decoding: line, as: UTF8.self) }
            line += byte
        }
    }

    // MARK: What must stay as it is

    /// The sibling and every file, in lines that can be compared.
    func state() throws -> [String] {
        let files =
            [home.path, home["ledger.sqlite"], home["ledger.sqlite-wal"]]
            + [bench.masters.path, bench.masters["master.png"]]
        return try Self.state(of: sibling.pid) + files.map(Self.state(ofFile:))
            + [home.names, bench.masters.names, bench.output.names].map { "\($0.sorted())" }
    }

    /// Priority, scheduler, processors, limits and whatever else one process can do to another.
    private static func state(of pid: Int32) throws -> [String] {
        func text(_ file: String) throws -> String {
            try String(contentsOfFile: "/proc/\(pid)/\(file)", encoding: .utf8)
        }
        let stat = try text("stat")
        let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
        // Process group, session, priority, nice, real-time priority, policy: see proc(5).
        let numbers = [5, 6, 18, 19, 40, 41].map { fields[$0 - 2] }
        let kept = ["Uid", "SigPnd", "ShdPnd", "Cpus_allowed:", "Mems_allowed:", "TracerPid"]
        let status = try text("status").split(separator: "\n").filter { line in
            kept.contains { line.hasPrefix($0) }
        }
        #if arch(x86_64)
        let ioprioGet = 252
        #else
        let ioprioGet = 31
        #endif
        let priority = [1, Int(pid), 0, 0, 0, 0].withUnsafeBufferPointer {
            sluice_call(ioprioGet, $0.baseAddress)
        }
        return try [
            "\(numbers)", "\(status)", text("limits"), text("oom_score_adj"), text("comm"),
            "\(priority)",
        ]
    }

    private static func state(ofFile path: String) throws -> String {
        var about = stat()
        try #require(lstat(path, &about) == 0)
        let content = (try? Data(contentsOf: URL(filePath: path))) ?? Data()
        // The time of change tells of modes, owners, attributes and links as well.
        return "\(path) \(about.st_mode) \(about.st_uid) \(about.st_size) \(about.st_nlink)"
            + " \(about.st_mtim) \(about.st_ctim) \(content.hashValue)"
    }
}
