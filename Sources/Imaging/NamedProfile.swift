import Foundation
import Model

/// A colour profile by its name in a channel's file: one that libvips carries, or one installed
/// on this host.
struct NamedProfile {
    /// Where Debian's packages and administrators put profiles, and how deep below.
    private static let folders = ["/usr/share/color/icc", "/usr/local/share/color/icc"]
    private static let depth = 3
    /// Entries looked at before the search gives up: a folder of profiles has dozens.
    private static let most = 5_000
    /// The largest printing profiles have 3 MB.
    private static let bytes = 16 << 20
    private static let builtIn = ["srgb": "RGB", "p3": "RGB", "cmyk": "CMYK"]

    let name: String
    private let folders: [String]

    /// - Throws: `unsupported` for a name that could be a path.
    init(_ name: String, in folders: [String] = folders) throws(Refusal) {
        let isPlain = name.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                || $0 == 46 || $0 == 95 || $0 == 45
        }
        guard isPlain, !name.isEmpty, !name.hasPrefix("."), name.utf8.count <= 100 else {
            throw Refusal(
                .unsupported,
                "'\(name.prefix(100))' is no name of a colour profile: use srgb, p3, cmyk, or a file"
                    + " name of letters, digits, '.', '_' and '-'")
        }
        self.name = name
        self.folders = folders
    }

    /// What libvips takes: a built-in's name or a path.
    /// - Parameter space: `RGB`, `CMYK` ...: what it has to be for.
    func location(for space: String) throws(Refusal) -> String {
        if let own = Self.builtIn[name] {
            guard own == space else { throw unfit(own, space) }
            return name
        }
        let path = try path()
        let found = ColorProfile(try read(path))
        guard found.isGenuine else {
            throw Refusal(
                .unsupported, "'\(path)' is no colour profile: install it again, or name another")
        }
        guard found.space == space else { throw unfit(found.space, space) }
        return path
    }

    func bytes(for space: String) throws(Refusal) -> Data {
        let location = try location(for: space)
        return location == name ? try Picture.builtInProfile(name) : try read(location)
    }

    private func read(_ path: String) throws(Refusal) -> Data {
        guard let file = FileHandle(forReadingAtPath: path),
            let bytes = try? file.read(upToCount: Self.bytes + 1), bytes.count <= Self.bytes
        else { throw missing }
        return bytes
    }

    private func path() throws(Refusal) -> String {
        for folder in folders {
            if let found = find(in: folder) { return found }
        }
        throw missing
    }

    /// Breadth does not matter; the first in the order of names does, so that it is always the same.
    private func find(in folder: String) -> String? {
        guard let all = FileManager.default.enumerator(atPath: folder) else { return nil }
        var found: [String] = []
        var seen = 0
        while let entry = all.nextObject() as? String, seen < Self.most {
            seen += 1
            if all.level >= Self.depth { all.skipDescendants() }
            if entry == name || entry.hasSuffix("/" + name) { found.append(entry) }
        }
        return found.min().map { "\(folder)/\($0)" }
    }

    private var missing: Refusal {
        Refusal(
            .unsupported,
            "the colour profile '\(name)' is not installed below \(folders.joined(separator: " or "))"
                + ": install it there (many are in Debian's colord-data), or name another")
    }

    private func unfit(_ found: String, _ wanted: String) -> Refusal {
        Refusal(
            .unsupported,
            "the colour profile '\(name)' is for \(found), not for \(wanted): name another")
    }
}
