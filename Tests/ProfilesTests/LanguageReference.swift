import Foundation
import Model
import Testing
import YAML

@testable import Profiles

/// `channels/README.md` against the readers: what they ask a profile for is the language, so
/// each key must stand there with its values, and in an example that can be loaded.
@Suite struct LanguageReference {
    private let reference: Reference

    init() throws {
        reference = Reference(try Samples.text("../../channels/README.md"))
    }

    /// What was asked of `text`, or of the whole profile that it is a part of.
    private func questions(of text: String) throws -> [Reader.Question] {
        let first = try Document(reference.examples[0], file: "README.md").root
        let root = try Document(text, file: "README.md").root
        let whole = Node(
            place: root.place,
            content: .mapping(
                (root.entries ?? [])
                    + (first.entries ?? []).filter { root[$0.key] == nil }))
        var questions: [Reader.Question] = []
        let reader = Reader { questions.append($0) }
        let profile = ProfileReader(
            file: "README.md", text: text, library: try Samples.shipped(), vocabulary: .sample,
            reader: reader
        ).profile(named(whole, first))
        #expect(profile != nil && reader.problems.isEmpty, "\(Problems(reader.problems))\n\(text)")
        return questions
    }

    /// With the slots and renditions of the first example, which others refer to.
    private func named(_ node: Node, _ first: Node) -> Node {
        var node = node
        node.content = .mapping(
            (node.entries ?? []).map { entry in
                guard ["slots", "renditions"].contains(entry.key), let old = first[entry.key]
                else { return entry }
                var entry = entry
                let kept = (old.entries ?? []).filter { entry.value[$0.key] == nil }
                entry.value.content = .mapping((entry.value.entries ?? []) + kept)
                return entry
            })
        return node
    }

    /// Each once, answered where one example answers it.
    private func questions() throws -> [Reader.Question] {
        var all: [String: Reader.Question] = [:]
        for question in try reference.examples.flatMap({ try questions(of: $0) }) {
            var known = all["\(question.mapping) \(question.key)"] ?? question
            known.words += question.words.filter { !known.words.contains($0) }
            known.isAnswered = known.isAnswered || question.isAnswered
            all["\(question.mapping) \(question.key)"] = known
        }
        return all.sorted { $0.key < $1.key }.map(\.value)
    }

    @Test func everyKeyIsThereWithItsValues() throws {
        for question in try questions() {
            let row = reference.rows[question.section]?[question.key]
            #expect(row != nil, "'\(question.key)' of \(question.mapping) is missing")
            // Told where the row leads to.
            guard let values = row?.values, !values.hasPrefix("as in [") else { continue }
            for word in question.words where !values.contains("`\(word)`") {
                Issue.record("'\(question.key)' of \(question.mapping) takes '\(word)' too")
            }
        }
    }

    @Test func everyKeyIsInAnExample() throws {
        // A feed's login is the channel's.
        let missing = try questions().filter { !$0.isAnswered && $0.section != "feed" }
            .map { "\($0.key) of \($0.mapping)" }
        #expect(missing.isEmpty, "no example has: \(missing)")
    }

    @Test func nothingIsThereThatNobodyAsksFor() throws {
        var asked = try questions().reduce(into: [String: Set<String>]()) {
            $0[$1.section, default: []].insert($1.key)
        }
        // Resolved before a rendition is read.
        asked["a rendition"]?.insert("like")
        for (section, rows) in reference.rows {
            for (key, row) in rows where !key.contains("COLUMN") {
                #expect(asked[section]?.contains(key) == true, "nobody asks for '\(key)'")
                #expect(row.cells.allSatisfy { !$0.isEmpty } && row.cells.count == 4, "'\(key)'")
            }
        }
    }

    /// The first thing that anybody copies.
    @Test func theFirstPagesProfileLoads() throws {
        let page = Reference(try Samples.text("../../README.md"))
        let text = try #require(page.examples.first)
        let result = Loader.load(text: text, file: "README.md", vocabulary: .sample)
        let profile = try result.get()
        for result in profile.runTests(at: Date(timeIntervalSince1970: 1_795_000_000)) {
            #expect(result.failure == nil)
        }
    }
}

extension Reader.Question {
    /// The heading under which it belongs: `A rendition` for `a rendition`, `deliver` for `'deliver'`.
    fileprivate var section: String { mapping.replacing("'", with: "").lowercased() }
}

/// The tables of keys and the examples of a document.
private struct Reference {
    struct Row {
        var cells: [String]
        var values: String { cells.count > 1 ? cells[1] : "" }
    }

    /// Heading → key → row.
    var rows: [String: [String: Row]] = [:]
    var examples: [String] = []

    init(_ text: String) {
        var section = ""
        var example: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let lines = example {
                example = line == "```" ? nil : lines + [line]
                if line == "```" { examples.append(lines.joined(separator: "\n") + "\n") }
            } else if line == "```yaml" {
                example = []
            } else if line.hasPrefix("#") {
                section = line.drop { $0 == "#" || $0 == " " }.replacing("`", with: "").lowercased()
            } else if line.hasPrefix("| `"), !line.hasPrefix("| `{") {
                add(line, to: section)
            }
        }
    }

    private mutating func add(_ line: Substring, to section: String) {
        let cells = line.dropFirst().dropLast().split(
            separator: " | ", omittingEmptySubsequences: false
        ).map { $0.trimmingCharacters(in: .whitespaces) }
        for key in cells[0].split(separator: ", ") {
            rows[section, default: [:]][String(key.replacing("`", with: ""))] = Row(cells: cells)
        }
    }
}
