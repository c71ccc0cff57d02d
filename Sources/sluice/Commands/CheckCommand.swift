internal import ArgumentParser
internal import Export
internal import Foundation
internal import Host
internal import Model
internal import Profiles
internal import Wire

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check profiles or product tables, or what every channel would say to a picture.",
        discussion: """
            Profiles: every mistake with its place. A picture: what was measured of it and what it \
            says of itself, then every channel's verdict on real renderings, which are thrown \
            away. A product table: its bad rows and cells by line and column, as sluice.yaml declares \
            its columns. Needs no daemon and asks for no approval. Exit status 1 when a profile or \
            a table has mistakes or a channel would hold the picture.
            """)

    @OptionGroup var options: Options
    @Option(help: "One channel to ask about a picture; every demand is shown then.")
    var channel: String?
    @Flag(help: "Tell every mistake in a product table, not the first few of each kind.")
    var all = false
    @Argument(
        help:
            "A picture, product tables, or profiles and directories of them; none: all that are configured."
    )
    var paths: [String] = []

    func run() async throws {
        switch try CheckTarget(paths, wantsPicture: channel != nil) {
        case .picture(let file): try await examine(file)
        case .profiles(let paths): try check(paths)
        case .tables(let paths): try await check(tables: paths)
        }
    }

    // MARK: A picture

    private func examine(_ file: String) async throws {
        let source = try ProfileSource(options)
        var profiles: [Profile] = []
        var notes: [String] = []
        if let channel {
            profiles = [try source.profile(channel: channel)]
        } else if let absence = source.absence {
            notes = ["no channel was asked: \(absence)"]
        } else {
            let selection = try ProfileSelection(options, channels: [], against: nil)
            profiles = (selection.profiles + selection.retired).sorted { $0.channel < $1.channel }
            notes = selection.notes
        }
        let input = try await ProofInput.of(file: file, options.configurationIfAny())
        let examiner = try Examiner(options, profiles, zone: source.vocabulary.zone)
        var examination = try await examiner.run { examiner async throws(Failure) in
            try await examiner.examine(input) { done, all in
                if !options.json { Console.progress(done, of: all) }
            }
        }
        examination.notes += notes
        try show(examination)
        try needPerson(if: !examination.passes)
    }

    private func show(_ examination: Examination) throws {
        guard !options.json else { return try Console.write(json: examination) }
        let text = ExaminationText(page: .standard(), showsEverything: channel != nil)
        Console.show(text.lines(examination))
    }

    // MARK: Product tables

    private func check(tables paths: [String]) async throws {
        guard let products = try options.configuration().products else {
            throw Failure.couldNot(
                "the configuration declares no products", next: "declare 'products: columns:'")
        }
        let isComplete = all
        let reports = await Lane("check").run {
            paths.map { TableReport($0, products.forms, isComplete: isComplete) }
        }
        if options.json {
            try Console.write(json: reports)
        } else {
            Console.show(reports.flatMap { $0.lines(.standard()) })
        }
        try needPerson(if: !reports.allSatisfy(\.isGood))
    }

    // MARK: Profiles

    private func check(_ paths: [String]) throws {
        let loaded = try ProfileSource(options).load(paths)
        let reports = loaded.map(ProfileReport.init)
        if options.json {
            try Console.write(json: reports)
        } else {
            Console.show(Self.lines(loaded, .standard()))
            for (file, _) in loaded where file.hasSuffix(".yml") {
                Console.show(["'\(file)': the daemon reads only '*.yaml'; rename it"])
            }
        }
        try needPerson(if: reports.contains { !$0.problems.isEmpty })
    }

    static func lines(
        _ loaded: [(file: String, result: Result<Profile, Problems>)], _ page: Page
    ) -> [String] {
        var lines: [String] = []
        var cautions: [String] = []
        var told: Set<Problem> = []
        var table = Table()
        for (file, result) in loaded {
            switch result {
            case .success(let profile):
                cautions += profile.cautions.flatMap {
                    page.wrap("\(file): \($0)", lead: "  ! ", .yellow)
                }
                table.add(
                    page.light(profile.cautions.isEmpty ? .green : .yellow) + " ",
                    [
                        Table.Cell(profile.channel, .bold), Table.Cell(profile.state.rawValue),
                        Table.Cell(Self.summary(profile)),
                    ])
            case .failure(let problems):
                // What several took over by `like` is one mistake, in a file they name in short.
                for problem in problems.all {
                    var known = problem
                    known.place.file = (problem.place.file as NSString).lastPathComponent
                    if told.insert(known).inserted { lines.append(problem.description) }
                }
                table.add(
                    page.light(.red) + " ",
                    [
                        Table.Cell(file, .bold), Table.Cell(""),
                        Table.Cell(Words.count(problems.all.count, "mistake")),
                    ])
            }
        }
        return lines + table.lines(on: page).flatMap(\.self) + cautions
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
}
