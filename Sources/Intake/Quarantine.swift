package import Foundation
package import Host
import Model
private import Synchronization

/// The verdicts on unusable input as files that a person can read without us. The ledger decides;
/// these are its shadow, can be deleted, and nothing is copied here. All calls block.
package final class Quarantine: Sendable {
    package let directory: String
    /// How many reasons are written at most: a flood must not fill the disk with paper.
    package let limit: Int

    /// Of files in the directory; nil while nobody has counted them.
    private let count = Mutex<Int?>(nil)

    private static let ending = ".reason.txt"
    private static let overflow = "there-are-more.txt"

    package init(_ directory: String, limit: Int = 10_000) {
        self.directory = directory
        self.limit = limit
    }

    /// Writes `NAME.reason.txt`, where NAME is the path as one harmless name.
    package func note(
        _ rejection: Rejection, for candidate: Candidate, at now: Date
    ) throws(HostError) {
        let file = directory + "/" + Self.fileName(candidate.path)
        let mayStand = Files.exists(file) ? true : try takePlace()
        guard mayStand else {
            let text = "More than \(limit) files were refused. 'sluice status' counts them all.\n"
            return try write(text, to: directory + "/" + Self.overflow)
        }
        try write(Self.text(rejection, candidate, now), to: file)
    }

    /// The same for a file that was accepted and only then found to be unusable.
    package func note(path: String, reason: String, at now: Date) throws(HostError) {
        let file = directory + "/" + Self.fileName(path)
        let mayStand = Files.exists(file) ? true : try takePlace()
        guard mayStand else { return }
        try write(Self.text(path, reason, now), to: file)
    }

    /// Takes the reason away when the file was accepted, or is no longer refused.
    /// - Parameter path: a candidate's.
    package func clear(_ path: String) throws(HostError) {
        let file = directory + "/" + Self.fileName(path)
        guard Files.exists(file) else { return }
        try Files.remove(file)
        count.withLock { $0 = $0.map { $0 - 1 } }
    }

    /// False when there is no room for another.
    private func takePlace() throws(HostError) -> Bool {
        try count.withLock { count throws(HostError) in
            try Files.makeDirectory(directory)
            let present: Int
            if let count { present = count } else { present = try Files.names(in: directory).count }
            count = present < limit ? present + 1 : present
            return present < limit
        }
    }

    private func write(_ text: String, to file: String) throws(HostError) {
        try Files.write(Data(text.utf8), to: file, mode: 0o644, durable: false)
    }

    private static func text(_ rejection: Rejection, _ candidate: Candidate, _ now: Date) -> String
    {
        var lines = [
            "'\(candidate.path)' was not taken.", "",
            "what: \(rejection.message) [\(rejection.code.rawValue)]",
        ]
        lines += rejection.problems.prefix(50).map { "      \($0)" }
        if rejection.problems.count > 50 {
            lines.append("      and \(rejection.problems.count - 50) more")
        }
        lines += [
            "do:   \(rejection.advice)",
            "when: \(now.formatted(.iso8601))", "",
            "The file was left as it is. It is looked at again when it, its sidecar or its manifest",
            "changes.", "",
        ]
        return lines.map { String($0.prefix(4000)) }.joined(separator: "\n")
    }

    private static func text(_ path: String, _ reason: String, _ now: Date) -> String {
        """
        '\(path)' was taken, and cannot be used.

        what: \(reason.prefix(4000))
        do:   deliver a whole, readable picture under the same or another name
        when: \(now.formatted(.iso8601))

        The file was left as it is. It is looked at again when it changes.

        """
    }

    /// One name in one directory, different for different paths, at most 200 bytes long.
    static func fileName(_ path: String) -> String {
        let dash = path.hasPrefix("-") ? "%2D" + path.dropFirst() : path
        let flat = dash.replacing("/", with: "%2F")
        guard flat.utf8.count > 180 else { return flat + ending }
        var head = ""
        for character in flat where head.utf8.count + character.utf8.count <= 150 {
            head.append(character)
        }
        return head + "~" + ContentHash.of(Data(path.utf8)).short + ending
    }
}
