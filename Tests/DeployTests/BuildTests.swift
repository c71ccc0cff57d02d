import Foundation
import Support
import Testing

/// `deploy/build` in front of a compiler that says what a test puts in its mouth.
struct BuildTests {
    /// Runs `deploy/build` in a folder of its own; `compiler` is the body of a shell script.
    private func build(
        _ compiler: String, onTerminal: Bool = false, _ arguments: String = ""
    ) throws -> (status: Int32, output: String, log: String) {
        try Deploy.withCopy("#!/bin/sh\n" + compiler, named: "compiler") { compiler in
            let root = URL(fileURLWithPath: compiler).deletingLastPathComponent().path
            // The shell makes what is run: a file that we had open for writing is "busy" for as long
            // as a child of another test has it open too.
            let command = """
                mkdir \(root)/deploy && cp \(Deploy.path("build")) \(root)/deploy/ &&
                cp \(compiler) \(root)/swift && chmod +x \(root)/swift &&
                PATH=\(root):$PATH TERM=xterm \(root)/deploy/build 'the show' \(arguments)
                """
            let result =
                onTerminal
                ? try Tool.run("script", ["-qec", "stty cols 100; \(command)", "/dev/null"])
                : try Tool.run("sh", ["-c", "exec 2>&1; " + command])
            let log = try String(contentsOfFile: root + "/.build/build.log", encoding: .utf8)
            return (result.status, result.output, log)
        }
    }

    private let steps = """
        echo 'Fetching https://github.com/apple/swift-nio'
        echo '[7/21] Compiling NIOCore ByteBuffer.swift, Channel.swift'
        echo '[21/21] Linking sluice'

        """

    @Test func withoutATerminalTheLinesAreInTheLogOnly() throws {
        let (status, output, log) = try build(steps)
        #expect(status == 0)
        #expect(output.contains("minutes on") && output.contains("this once"))
        #expect(output.contains(".build/build.log"))
        #expect(output.contains("Built in 0:0"))
        #expect(!output.contains("NIOCore"))
        #expect(log.contains("[7/21] Compiling NIOCore ByteBuffer.swift, Channel.swift\n"))
    }

    @Test(.enabled(if: Tool.isThere("script"), "script is not installed"))
    func aTerminalShowsOneMovingLine() throws {
        let (status, output, _) = try build(steps, onTerminal: true)
        #expect(status == 0)
        let moving = output.split(separator: "\r")
        let line = "step 7 of 21: Compiling NIOCore ByteBuffer.swift  (then: the show)"
        #expect(moving.contains { $0.hasPrefix("  0:0") && $0.contains(line) }, "\(output)")
        // Begun anew each time, and wiped in the end.
        #expect(moving.allSatisfy { !$0.contains("step") || !$0.contains("\n") })
        #expect(output.contains("\u{1B}[KBuilt in"))
    }

    @Test func errorsAreShownWithTheLogsName() throws {
        let (status, output, _) = try build(
            steps + "echo \"/x/A.swift:3:4: error: cannot find 'foo' in scope\"\nexit 7\n")
        #expect(status == 7)
        #expect(output.contains("/x/A.swift:3:4: error: cannot find 'foo' in scope"))
        #expect(output.contains("all the compiler said is in .build/build.log"))
        #expect(!output.contains("Built in"))
    }

    @Test func aFailureWithoutAnErrorShowsTheEnd() throws {
        let (status, output, _) = try build("echo 'ld went away'\nexit 1\n")
        #expect(status == 1)
        #expect(output.contains("ld went away"))
    }

    @Test func warningsAreCounted() throws {
        let warning = "echo '/x/A.swift:3:4: warning: never used'\n"
        let (_, output, _) = try build(warning + warning, "--build-tests")
        #expect(output.contains("1 warning of the compiler is in"))
        #expect(output.contains("tests"))
    }
}
