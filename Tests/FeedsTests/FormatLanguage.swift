import Feeds
import Foundation
import Model
import Testing
import YAML

/// `channels/feeds/README.md` against the readers: what they ask a format for is the language.
@Suite struct FormatLanguage {
    private static let page =
        URL(filePath: #filePath).deletingLastPathComponent().path
        + "/../../channels/feeds/README.md"
    /// Heading → key → values.
    private var rows: [String: [String: String]] = [:]
    private var examples: [String] = []

    init() throws {
        var section = ""
        var example: [Substring]?
        let text = try String(contentsOfFile: Self.page, encoding: .utf8)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let lines = example {
                example = line == "```" ? nil : lines + [line]
                if line == "```" { examples.append(lines.joined(separator: "\n") + "\n") }
            } else if line == "```yaml" {
                example = []
            } else if line.hasPrefix("#") {
                section = line.drop { $0 == "#" || $0 == " " }.replacing("`", with: "").lowercased()
            } else if line.hasPrefix("| `") {
                let cells = line.dropFirst(2).split(separator: " | ")
                for key in cells[0].split(separator: ", ") {
                    let name = String(key.replacing("`", with: ""))
                    rows[section, default: [:]][name] = String(cells[1])
                }
            }
        }
    }

    private func read(
        _ text: String, _ questions: inout [Reader.Question]
    ) throws(Problems) -> FeedFormat {
        let name = text.firstMatch(of: /(?m)^format: (.*)$/).map { String($0.1) } ?? ""
        let file = FeedFormats.FormatFile(name: name, text: text, file: "\(name).yaml")
        var asked: [Reader.Question] = []
        defer { questions += asked }
        return try FormatReader.read(file, among: .shipped) { asked.append($0) }
    }

    @Test func theExamplesLoadAndPassTheirTests() throws {
        var questions: [Reader.Question] = []
        #expect(examples.count == 3)
        for example in examples {
            let format = try read(example, &questions)
            for result in format.runTests() {
                #expect(result.failure == nil, "\(result.place): \(result.failure ?? "")")
            }
        }
    }

    @Test func everyKeyIsThereWithItsValues() throws {
        var questions: [Reader.Question] = []
        for example in examples { _ = try read(example, &questions) }
        for name in FeedFormats.shipped.names {
            _ = try FormatReader.read(
                try #require(FeedFormats.shipped.file(name)), among: .shipped
            ) { questions.append($0) }
        }
        var asked: [String: Set<String>] = [:]
        for question in questions {
            let section = question.mapping.replacing("'", with: "").lowercased()
            asked[section, default: []].insert(question.key)
            let values = rows[section]?[question.key]
            #expect(values != nil, "'\(question.key)' of \(question.mapping) is missing")
            guard let values, !values.hasPrefix("as in ["), question.key != "as" else { continue }
            for word in question.words where !values.contains("`\(word)`") {
                Issue.record("'\(question.key)' of \(question.mapping) takes '\(word)' too")
            }
        }
        for (section, keys) in rows where section != "filters" {
            for key in keys.keys where asked[section]?.contains(key) != true {
                Issue.record("nobody asks for '\(key)' of \(section)")
            }
        }
    }
}
