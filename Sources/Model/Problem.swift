// How trouble is told: where in a file, and what can be done about it.

/// A place in a file people edit. Lines and columns count from 1; columns count characters.
package struct Place: Hashable, Codable, Sendable, CustomStringConvertible {
    package var file: String
    package var line: Int
    package var column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    package var description: String { "\(file):\(line):\(column)" }
}

/// A mistake in a profile, the configuration, a sidecar or a manifest.
package struct Problem: Error, Hashable, Codable, Sendable, CustomStringConvertible {
    package struct Note: Hashable, Codable, Sendable {
        package var place: Place
        package var message: String

        package init(_ place: Place, _ message: String) {
            self.place = place
            self.message = message
        }
    }

    package var place: Place
    /// Lower case, values quoted, no final stop.
    package var message: String
    /// Short and stable, such as `unknown-key`: for searching and for tests.
    package var code: String
    package var notes: [Note]

    package init(_ place: Place, _ message: String, code: String, notes: [Note] = []) {
        self.place = place
        self.message = message
        self.code = code
        self.notes = notes
    }

    /// `file:line:col: error: … [code]`, and a line for each note.
    package var description: String {
        (["\(place): error: \(message) [\(code)]"]
            + notes.map { "\($0.place): note: \($0.message)" }).joined(separator: "\n")
    }
}

/// All that is wrong with one file, sorted by place. What several parts of it took over from one is
/// one mistake.
package struct Problems: Error, Hashable, Sendable, CustomStringConvertible {
    package var all: [Problem]

    package init(_ all: [Problem]) {
        let sorted = all.sorted {
            ($0.place.file, $0.place.line, $0.place.column, $0.code)
                < ($1.place.file, $1.place.line, $1.place.column, $1.code)
        }
        self.all = sorted.reduce(into: []) { kept, problem in
            let beside = kept.reversed().prefix { $0.place == problem.place }
            if !beside.contains(problem) { kept.append(problem) }
        }
    }

    package var description: String { all.map(\.description).joined(separator: "\n") }
}

/// What helps against an error. Only the scheduler reads it; nobody compares texts.
package enum Remedy: Hashable, Codable, Sendable {
    /// Try again later; the peer may have said when (seconds, clamped to 0...21600).
    case retry(after: Double?)
    /// This item on this channel will not pass until it changes.
    case fixInput
    case fixProfile
    /// This machine: disk, permissions, missing directory.
    case fixHost
    /// Credentials or host key: every item of the channel would fail the same way, so the channel
    /// pauses and the items keep their places.
    case fixChannel
}

/// Text that must not appear anywhere: prints as dots, encodes to nothing.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let value: String

    package init(_ value: String) { self.value = value }

    /// The one way to the text; look for its callers in a review.
    package func reveal() -> String { value }

    package var description: String { "•••" }
    package var debugDescription: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
