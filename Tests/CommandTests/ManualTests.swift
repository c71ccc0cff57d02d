import ArgumentParser
import Foundation
import Testing
import YAML

@testable import sluice

/// `deploy/README.md` against the commands and the reader of sluice.yaml.
@Suite struct ManualTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    @Test func everyKeyOfTheConfigurationIsThere() throws {
        let manual = try Self.text("deploy/README.md")
        let section = try #require(
            manual.components(separatedBy: "\n## ").first { $0.hasPrefix("sluice.yaml\n") })
        var questions: [Reader.Question] = []
        let reader = ConfigurationReader("sluice.yaml", Reader { questions.append($0) })
        // A comment in the sample: nobody can guess who is to be told.
        let sample = try Self.text("deploy/sluice.yaml") + "alarm: {run: /etc/sluice/alarm}\n"
        _ = try reader.read(Data(sample.utf8))
        let mappings = Set(questions.map(\.mapping))
        #expect(
            mappings.isSuperset(of: ["spool", "products", "socket", "render", "store", "alarm"]))
        for question in questions {
            let isTop = question.mapping == "the configuration"
            // A key of a mapping that is told key by key.
            if isTop, mappings.contains(question.key) { continue }
            if question.mapping == "operators" { continue }
            let key = isTop ? question.key : "\(question.mapping): \(question.key)"
            #expect(section.contains("`\(key)`"), "'\(key)' is missing")
            for word in question.words { #expect(section.contains("`\(word)`"), "\(key): \(word)") }
        }
    }

    @Test func everyCommandIsThere() throws {
        let manual = try Self.text("deploy/README.md")
        for group in SluiceCommand.configuration.groupedSubcommands {
            for command in group.subcommands {
                let name =
                    command.configuration.commandName ?? "\(command)".lowercased()
                #expect(
                    manual.contains("sluice \(name)") || manual.contains("`\(name)"),
                    "'sluice \(name)' is missing")
            }
        }
    }
}
