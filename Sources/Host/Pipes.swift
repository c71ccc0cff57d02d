private import CHost
private import Foundation

/// The three pipes of a child on its way: closes what was not handed over.
struct Pipes: ~Copyable {
    struct Ends {
        var ours: Int32
        var theirs: Int32
    }

    let input: Ends
    let output: Ends
    let errors: Ends
    private var handedOver = false

    init() throws(HostError) {
        let input = try Self.open(ourEnd: 1)
        do throws(HostError) {
            let output = try Self.open(ourEnd: 0)
            do throws(HostError) {
                errors = try Self.open(ourEnd: 0)
            } catch {
                Self.close(output)
                throw error
            }
            self.output = output
        } catch {
            Self.close(input)
            throw error
        }
        self.input = input
    }

    deinit {
        for ends in [input, output, errors] {
            Glibc.close(ends.theirs)
            if !handedOver { Glibc.close(ends.ours) }
        }
    }

    mutating func handOver() { handedOver = true }

    func spawn(_ program: ChildProcess.Program) throws(HostError) -> Int32 {
        let arguments = ([program.path] + program.arguments).map { strdup($0) }
        let environment = program.environment.map { strdup("\($0.key)=\($0.value)") }
        defer { (arguments + environment).forEach { free($0) } }
        let pid = sluice_spawn(
            program.path, arguments + [nil], environment + [nil],
            [
                input.theirs, program.mergesOutput ? errors.theirs : output.theirs, errors.theirs,
            ], program.nice)
        guard pid > 0 else { throw HostError("start", program.path, -pid) }
        return pid
    }

    private static func open(ourEnd: Int) throws(HostError) -> Ends {
        var ends: [Int32] = [-1, -1]
        let result = sluice_pipe(&ends, 0)
        guard result == 0 else { throw HostError("make", "pipe", -result) }
        return Ends(ours: ends[ourEnd], theirs: ends[1 - ourEnd])
    }

    private static func close(_ ends: Ends) {
        Glibc.close(ends.ours)
        Glibc.close(ends.theirs)
    }
}
