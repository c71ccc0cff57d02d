/// What is said beside a picture: the keys of a sidecar, or of an entry in a manifest.
struct Sidecar {
    var skus: [String]
    var view: String
    var season = "2026-11"
    /// Nil leaves the picture unapproved.
    var approval: (by: String, at: String, seq: Int)? = ("maria.k", "2026-11-03T09:12:00Z", 1)
    /// Lines below `rights:`.
    var rights: [String] = []
    var tags: [String] = []

    func lines(sha256: String?) -> [String] {
        var lines = [
            skus.count == 1 ? "sku: \(skus[0])" : "sku: [\(skus.joined(separator: ", "))]",
            "view: \(view)", "season: \(season)", "audience: public",
        ]
        if let approval {
            let hash = sha256.map { ", sha256: \($0)" } ?? ""
            lines.append(
                "approval: {by: \(approval.by), at: \(approval.at), seq: \(approval.seq)\(hash)}")
        }
        if !rights.isEmpty { lines.append("rights: {\(rights.joined(separator: ", "))}") }
        if !tags.isEmpty { lines.append("tags: [\(tags.joined(separator: ", "))]") }
        return lines
    }

    func text(sha256: String?) -> String { lines(sha256: sha256).joined(separator: "\n") + "\n" }

    /// An entry of a manifest's `files:`.
    func entry(file: String, bytes: [UInt8]) -> String {
        let hash = Disk.sha256(bytes)
        let lines =
            ["file: \(file)", "size: \(bytes.count)", "sha256: \(hash)"] + lines(sha256: hash)
        return lines.enumerated().map { ($0.offset == 0 ? "  - " : "    ") + $0.element + "\n" }
            .joined()
    }
}
