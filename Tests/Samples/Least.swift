import Foundation

/// What no way of making renditions can do without: decoding the master once and encoding each.
enum Least {
    /// Prints CPU seconds of one decoding, and of encoding each finished picture again.
    /// - Parameter files: `path:quality`; the format is that of the name.
    static func measure(_ files: [String], of master: String) throws {
        let began = cpu()
        _ = try Picture(file: master)
        let decoding = cpu() - began
        var encoding = 0.0
        for entry in files {
            let parts = entry.split(separator: ":").map(String.init)
            guard parts.count == 2 else { throw Misuse() }
            let picture = try Picture(file: parts[0])
            let began = cpu()
            if parts[0].hasSuffix(".webp") {
                try picture.write("webpsave", "/dev/null", ["Q": parts[1], "strip": "true"])
            } else {
                let options = [
                    "Q": parts[1], "strip": "true", "optimize-coding": "true",
                    "subsample-mode": "off",
                ]
                try picture.write("jpegsave", "/dev/null", options)
            }
            encoding += cpu() - began
        }
        print("\(decoding) \(encoding)")
    }

    private static func cpu() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}
