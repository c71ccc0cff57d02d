#if DEBUG
import Foundation
import Model
import Wire

/// Tries from within what the sandbox is there to forbid, so that a test can see it refused.
enum Probe {
    /// Prints one JSON object, attempt → `done` or the system's reason, and ends the process.
    static func run(layers: [WorkerGreeting.Layer], to descriptor: Int32) -> Never {
        var results: [String: String] = [:]
        for layer in layers { results["layer \(layer.name)"] = layer.on ? "on" : layer.detail }
        for (name, attempt) in attempts {
            errno = 0
            results[name] = attempt() ? "done" : String(cString: strerror(errno))
        }
        let text = (try? JSONEncoder().encode(results)) ?? Data()
        text.withUnsafeBytes { _ = write(descriptor, $0.baseAddress, $0.count) }
        exit(0)
    }

    private static let attempts: [(String, @Sendable () -> Bool)] = [
        ("unix socket", { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) >= 0 }),
        ("internet socket", { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) >= 0 }),
        ("read /etc/passwd", { open("/etc/passwd", O_RDONLY) >= 0 }),
        ("list /", { opendir("/") != nil }),
        ("write beside", { open("/usr/sluice-probe", O_WRONLY | O_CREAT, 0o600) >= 0 }),
        ("truncate", { truncate("/proc/self/comm", 0) == 0 }),
        ("change mode", { chmod("/usr", 0o755) == 0 }),
        ("signal the parent", { kill(getppid(), 0) == 0 }),
        ("exec", { execv("/bin/true", [nil]) == 0 }),
        ("spawn", spawn),
        ("read /usr", { open("/usr/bin/env", O_RDONLY) >= 0 }),
        ("start a thread", thread),
    ]

    private static func spawn() -> Bool {
        var pid: pid_t = 0
        errno = posix_spawn(&pid, "/bin/true", nil, nil, [nil], nil)
        return errno == 0
    }

    private static func thread() -> Bool {
        var thread = pthread_t()
        errno = pthread_create(&thread, nil, { _ in nil }, nil)
        return errno == 0 && pthread_join(thread, nil) == 0
    }
}
#endif
