internal import ArgumentParser
internal import Channels
internal import Export
internal import Foundation
internal import Model

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check profiles, or whether a picture would pass a channel.",
        discussion: """
            Profiles: every mistake with its place, and exit status 1. A picture: it is rendered \
            for the channel in a directory that is thrown away, measured, and judged.
            """)

    @OptionGroup var options: Options
    @Option(help: "The channel a picture is checked for.") var channel: String?
    @Argument(help: "Profiles, directories of them, or one picture with --channel.")
    var paths: [String] = []

    func run() async throws {
        let source = try ProfileSource(options)
        if let channel {
            guard paths.count == 1 else { throw ValidationError("--channel wants one picture") }
            let trial = try await Tryout(options, source.profile(channel: channel)).run(paths[0])
            trial.show(options)
            try trial.discard()
            return try needPerson(if: !trial.passes)
        }
        let loaded = try source.load(paths)
        let problems = loaded.flatMap { (_, result) -> [Problem] in
            if case .failure(let problems) = result { problems.all } else { [] }
        }
        if options.json {
            Console.write(try Self.encode(problems))
        } else {
            Console.show(Self.lines(loaded, .standard()))
        }
        try needPerson(if: !problems.isEmpty)
    }

    static func lines(
        _ loaded: [(file: String, result: Result<Profile, Problems>)], _ page: Page
    ) -> [String] {
        var lines: [String] = []
        var table = Table()
        for (file, result) in loaded {
            switch result {
            case .success(let profile):
                table.add(
                    page.light("green") + " ",
                    [
                        Table.Cell(profile.channel, .bold), Table.Cell(profile.state.rawValue),
                        Table.Cell(Self.summary(profile)),
                    ])
            case .failure(let problems):
                lines += problems.description.split(separator: "\n").map { String($0) }
                table.add(
                    page.light("red") + " ",
                    [
                        Table.Cell(file, .bold), Table.Cell(""),
                        Table.Cell(Words.count(problems.all.count, "mistake")),
                    ])
            }
        }
        return lines + table.lines(on: page).flatMap(\.self)
    }

    private static func summary(_ profile: Profile) -> String {
        let parts = [
            Words.count(profile.slots.count, "slot"),
            Words.count(profile.renditions.count, "rendition"),
            Words.count(profile.rules.count, "rule"),
            Words.count(profile.tests.count, "test"),
        ]
        return parts.joined(separator: ", ")
            + (profile.feed.map { ", feed \($0.file)" } ?? "")
            + (profile.address.map { " → \($0.description)" } ?? "")
    }

    private static func encode(_ problems: [Problem]) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(problems) + Data("\n".utf8)
    }
}
