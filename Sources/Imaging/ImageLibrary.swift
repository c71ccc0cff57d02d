private import CVips
package import Model

/// libvips, switched on once a process.
package enum ImageLibrary {
    /// One thread for each picture, since parallelism is a matter of how many workers there are; no
    /// cache, since no picture comes twice; no loader that its authors do not trust.
    /// - Returns: name → version of what paints and measures.
    package static func start() throws(Refusal) -> [String: String] {
        guard started else {
            throw Refusal(.resources, "libvips does not start: \(VipsFailure.take().blamingNobody)")
        }
        return versions
    }

    private static let started: Bool = {
        guard vips_init("sluice-render") == 0 else { return false }
        sluice_vips_be_quiet()
        vips_concurrency_set(1)
        vips_cache_set_max(0)
        vips_block_untrusted_set(1)
        return true
    }()

    static let versions: [String: String] = [
        "libvips": "\(vips_version(0)).\(vips_version(1)).\(vips_version(2))",
        "sluice-render": "epoch \(RenditionKey.epoch)",
    ]
}

/// What libvips said. Its error buffer belongs to the whole process and grows until it is read.
struct VipsFailure {
    private let text: String

    /// Reads the buffer and empties it.
    static func take() -> VipsFailure {
        let text = String(cString: vips_error_buffer())
        vips_error_clear()
        return VipsFailure(text: text)
    }

    /// While foreign bytes were being read.
    var blamingPicture: Refusal {
        if isShortage { return blamingNobody }
        if text.contains("Security limit exceeded") {
            return Refusal(
                .oversize,
                "the file claims more pixels than its format's decoder takes: deliver a smaller export"
            )
        }
        if text.contains("Unsupported codec") {
            return Refusal(
                .unreadable,
                "this host does not know how the picture is coded: install Debian's libheif1 and"
                    + " libde265-0, or export it as JPEG, PNG or TIFF")
        }
        return Refusal(
            .unreadable,
            "the picture is cut off or damaged ('\(gist)'): export it again and deliver the new file"
        )
    }

    var blamingNobody: Refusal {
        Refusal(
            isShortageOfMemory ? .memory : .resources,
            "the worker could not finish the picture ('\(gist)'): it is tried again")
    }

    /// Memory or disk, rather than something wrong with the picture.
    private var isShortage: Bool {
        isShortageOfMemory || text.lowercased().contains("no space left")
    }

    private var isShortageOfMemory: Bool {
        let text = text.lowercased()
        return ["out of memory", "allocate"].contains { text.contains($0) }
    }

    /// The library's own words, each once, short enough for a line.
    private var gist: String {
        var lines: [String] = []
        for line in text.split(separator: "\n") {
            // Whose file it is, people know; where the worker has it, they need not.
            let line = line.trimmingPrefix { $0.isWhitespace }.trimmingPrefix(#/\/\S+: /#)
            if !lines.contains(String(line)) { lines.append(String(line)) }
        }
        let words = lines.prefix(2).joined(separator: "; ").split(separator: " ")
        return words.reduce(into: "") { text, word in
            if text.count + word.count < 200 { text += (text.isEmpty ? "" : " ") + word }
        }
    }
}
