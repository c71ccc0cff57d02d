/// `--role render --masters DIR --output DIR` or `--role verify --finished DIR`, and for both
/// `--scratch DIR`: where machine code for pixel loops may be mapped from. All paths absolute.
struct WorkerOptions {
    enum Role {
        case render(masters: String, output: String)
        case verify(finished: String)
    }

    struct Mistake: Error, CustomStringConvertible {
        var description: String
    }

    let role: Role
    let scratch: String?
    /// Tries what the sandbox forbids, prints what came of it and ends. Debug builds only.
    let probes: Bool
    /// Makes system calls that are forbidden; what for, see `Sweep`. Debug builds only.
    let sweep: String?
    /// As on a kernel whose Landlock is no newer than that; 0: none at all. Debug builds only.
    let landlockABI: Int32
    /// No walls but the kernel's own, so that a test can tell their verdicts from the decoders'.
    /// Debug builds only.
    let isOpen: Bool
    /// What it does to itself instead of answering. Debug builds only.
    let faults: String?

    init(_ arguments: some Collection<String>) throws(Mistake) {
        var values: [String: String] = [:]
        var switches: Set<String> = []
        var rest = arguments.makeIterator()
        while let name = rest.next() {
            if Self.switches.contains(name) {
                switches.insert(name)
                continue
            }
            guard Self.names.contains(name), let value = rest.next() else {
                throw Mistake(description: "do not know what to do with '\(name)'")
            }
            values[name] = value
        }
        func directory(_ name: String) throws(Mistake) -> String {
            guard let path = values[name], path.hasPrefix("/") else {
                throw Mistake(description: "'\(name)' must name a directory by its full path")
            }
            return path
        }
        switch values["--role"] {
        case "render":
            role = try .render(masters: directory("--masters"), output: directory("--output"))
        case "verify": role = try .verify(finished: directory("--finished"))
        default: throw Mistake(description: "'--role' must be render or verify")
        }
        scratch = try values["--scratch"] == nil ? nil : directory("--scratch")
        probes = switches.contains("--probe")
        isOpen = switches.contains("--without-sandbox")
        faults = values["--faults"]
        sweep = values["--sweep"]
        landlockABI = values["--landlock"].flatMap { Int32($0) } ?? .max
    }

    private static let usual: Set<String> = [
        "--role", "--masters", "--output", "--finished", "--scratch",
    ]
    #if DEBUG
    private static let names = usual.union(["--faults", "--sweep", "--landlock"])
    private static let switches: Set<String> = ["--probe", "--without-sandbox"]
    #else
    private static let names = usual
    private static let switches: Set<String> = []
    #endif
}
