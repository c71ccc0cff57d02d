import CHost
import Foundation
import Model
import Wire

/// The walls, put up in the order in which each still can be. A wall that this kernel or unit file
/// does not allow is reported as off with its reason; the daemon decides what to make of it.
struct Sandbox {
    /// Private memory, bytes: a gigabyte of decoded pixels and what painting needs besides.
    private static let memory: UInt64 = 2 << 30
    /// Largest file, bytes.
    private static let fileSize: UInt64 = 512 << 20
    private static let descriptors: UInt64 = 64
    /// Shared libraries, libvips' modules, and nothing that belongs to anyone.
    private static let system = ["/usr", "/lib", "/lib64", "/etc/ld.so.cache"]

    private let readable: [String]
    private let writable: [String]
    private let scratch: String?
    /// The latest Landlock ABI that is used.
    private let landlockABI: Int32

    init(_ options: WorkerOptions) {
        landlockABI = options.landlockABI
        var writable = options.scratch.map { [$0] } ?? []
        switch options.role {
        case .render(let masters, let output):
            readable = [masters]
            writable.append(output)
            scratch = options.scratch ?? output
        case .verify(let finished):
            readable = [finished]
            scratch = options.scratch
        }
        self.writable = writable
    }

    func raise() -> [WorkerGreeting.Layer] {
        for path in readable + writable where access(path, F_OK) != 0 {
            giveUp(71, "cannot open '\(path)': \(Self.text(errno))")
        }
        // A file over the limit is an error of that write, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        return [
            dieFirst(),
            layer("no-new-privileges", sluice_no_new_privileges()),
            layer("not-dumpable", sluice_undumpable()),
            limits(),
            layer("landlock", landlock()) { "ABI \($0)" },
            // Its file is removed again: a call that is not there behind the last wall.
            vectors(),
            layer("seccomp", sluice_seccomp()),
        ]
    }

    private func limits() -> WorkerGreeting.Layer {
        var limits = sluice_limits(
            memory: Self.memory, address_space: 2 * Self.memory, file_size: Self.fileSize,
            descriptors: Self.descriptors)
        return layer("limits", sluice_limit(&limits)) { _ in
            "\(Self.memory >> 20) MiB of memory, \(Self.fileSize >> 20) MiB a file,"
                + " \(Self.descriptors) descriptors"
        }
    }

    /// When memory runs out, a worker is what the machine can best do without.
    private func dieFirst() -> WorkerGreeting.Layer {
        let file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)
        defer { close(file) }
        let put = write(file, "500", 3)
        return layer("out-of-memory-first", put == 3 ? 0 : -errno)
    }

    private func landlock() -> Int32 {
        Self.withList(Self.system) { system in
            Self.withList(readable) { readable in
                Self.withList(writable) { writable in
                    sluice_landlock(system, readable, writable, landlockABI)
                }
            }
        }
    }

    /// libvips' fast loops are made by orc at run time, which aborts the process where it can map
    /// nothing executable; the slow ones cost about 40 % more of a resize.
    private func vectors() -> WorkerGreeting.Layer {
        if let scratch {
            for name in ["XDG_RUNTIME_DIR", "HOME", "TMPDIR"] { setenv(name, scratch, 1) }
        }
        switch sluice_can_generate_code(scratch) {
        case 2: return .init(name: "vectors", on: true, detail: "mapped from '\(scratch ?? "")'")
        case 1: return .init(name: "vectors", on: true, detail: "in anonymous memory")
        default:
            setenv("VIPS_NOVECTOR", "1", 1)
            return .init(
                name: "vectors", on: false,
                detail: "no executable mapping allowed: give --scratch a directory that permits it")
        }
    }

    private func layer(
        _ name: String, _ result: Int32, detail: (Int32) -> String = { _ in "" }
    ) -> WorkerGreeting.Layer {
        .init(
            name: name, on: result >= 0,
            detail: result >= 0 ? detail(result) : Self.text(-result))
    }

    private static func text(_ error: Int32) -> String { String(cString: strerror(error)) }

    private static func withList<Value>(
        _ paths: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value
    ) -> Value {
        let copies = paths.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return (copies.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer { list in
            // Never nil: the list has at least its end.
            body(list.baseAddress!)
        }
    }
}
