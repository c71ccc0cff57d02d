package import Foundation

/// A program that is started, given a text and waited for, and what it said in the end.
package struct ProgramRun: Sendable {
    private let child: ChildProcess
    private let path: String

    package init(_ program: ChildProcess.Program) throws(HostError) {
        var program = program
        program.mergesOutput = true
        path = program.path
        child = try ChildProcess(program)
    }

    /// Ends it with all it started; from any thread.
    package func kill() { child.killSession() }

    /// Blocks. What still runs at the deadline is ended, with all that it has started.
    /// - Returns: nil when it took too long.
    package func finish(
        input: Data, until deadline: Deadline
    ) throws(HostError) -> (end: ChildProcess.End, said: String)? {
        // A program that does not read what it is given may still do its work.
        do throws(ChildProcess.Silence) { try child.write(input, until: deadline) } catch {
            if error == .deadline {
                kill()
                return nil
            }
        }
        child.closeInput()
        guard let end = try child.waitForEnd(until: deadline) else {
            kill()
            return nil
        }
        return (end, child.lastWords)
    }
}
