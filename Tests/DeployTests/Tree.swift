import Foundation

/// What is in the repository: all but what was built, and what Git keeps.
enum Tree {
    static let root = Deploy.folder.deletingLastPathComponent()

    static func url(_ path: String) -> URL { root.appending(path: path) }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: url(path), encoding: .utf8)
    }

    static func isThere(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: url(path).path(percentEncoded: false))
    }

    static func files() throws -> [String] {
        let tops = try FileManager.default.contentsOfDirectory(atPath: root.path)
            .filter { !$0.hasPrefix(".build") && $0 != ".git" && $0 != "Package.resolved" }
        return try tops.flatMap { top -> [String] in
            let path = url(top).path(percentEncoded: false)
            guard let below = try? FileManager.default.subpathsOfDirectory(atPath: path)
            else { return [top] }
            return try below.isEmpty && !isFolder(top) ? [top] : below.map { "\(top)/\($0)" }
        }.filter { !isFolder($0) }
    }

    static func documents() throws -> [String] { try files().filter { $0.hasSuffix(".md") } }

    static func isText(_ path: String) -> Bool {
        [".swift", ".md", ".yaml", ".c", ".h", ".sh", ".service"].contains { path.hasSuffix($0) }
            || path.hasPrefix("deploy/") && !path.contains(".")
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        let path = url(path).path(percentEncoded: false)
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    static func folder(_ path: String) -> String {
        path.split(separator: "/").dropLast().joined(separator: "/")
    }

    /// `deploy` and `../channels/README.md` are `channels/README.md`.
    static func join(_ folder: String, _ path: some StringProtocol) -> String {
        var steps = folder.split(separator: "/").map(String.init)
        for step in String(path).split(separator: "/").map(String.init) {
            if step == ".." { _ = steps.popLast() } else { steps.append(step) }
        }
        return steps.joined(separator: "/")
    }

    /// As links name them: `## When something is stuck` is `when-something-is-stuck`.
    static func headings(_ path: String) throws -> [String] {
        try text(path).split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
            line.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-")
                .filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        }
    }
}
