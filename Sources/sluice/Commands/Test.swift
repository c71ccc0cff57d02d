internal import ArgumentParser
internal import Foundation
import Host
internal import Model
internal import Profiles
internal import Wire

struct Test: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the tests that profiles carry.",
        discussion: "Exit status 1 when a profile has mistakes or one of its tests fails.")

    @OptionGroup var options: Options
    @Argument(help: "Profiles, or directories of them; else those of the configuration.")
    var paths: [String] = []

    func run() async throws {
        let source = try ProfileSource(options)
        let loaded = try source.load(paths)
        let formats = Dictionary(grouping: source.formatTests(paths), by: \.channel)
        var failed = 0
        for (file, result) in loaded {
            switch result {
            case .success(let profile):
                let results = profile.runTests(at: WallClock.system.now())
                failed += results.count { $0.failure != nil }
                if !options.json {
                    Console.show(Self.lines(profile.channel, results, .standard()))
                }
            case .failure(let problems):
                failed += 1
                guard !options.json else { continue }
                Console.show(["\(problems)", "'\(file)' has mistakes; its tests were not run"])
            }
        }
        for (name, results) in formats.sorted(by: { $0.key < $1.key }) {
            failed += results.count { $0.failure != nil }
            if !options.json { Console.show(Self.lines(name, results, .standard())) }
        }
        if options.json {
            let all = formats.values.flatMap(\.self).map { Outcome($0, in: $0.place.file) }
            try Console.write(json: Self.outcomes(loaded) + all)
        }
        try needPerson(if: failed > 0)
    }

    static func lines(_ name: String, _ results: [TestResult], _ page: Page) -> [String] {
        let failures = results.filter { $0.failure != nil }
        let light = page.light(failures.isEmpty ? .green : .red)
        let head =
            results.isEmpty
            ? "\(page.light(nil)) \(name): no tests"
            : "\(light) \(name): \(results.count - failures.count) of "
                + "\(Words.count(results.count, "test")) passed"
        return [head]
            + failures.map { "\($0.place): \($0.title): \($0.failure ?? "")" }
    }

    /// One test; or a profile that was not read, with its mistakes.
    private struct Outcome: Encodable {
        var file: String
        var channel: String?
        var place: Place?
        var title: String?
        var failure: String?
        var problems: [Problem]?

        init(_ result: TestResult, in file: String) {
            self.file = file
            channel = result.channel
            place = result.place
            title = result.title
            failure = result.failure
        }

        init(_ problems: Problems, in file: String) {
            self.file = file
            failure = "the profile has mistakes; its tests were not run"
            self.problems = problems.all
        }
    }

    private static func outcomes(
        _ loaded: [(file: String, result: Result<Profile, Problems>)]
    ) -> [Outcome] {
        loaded.flatMap { file, result in
            switch result {
            case .success(let profile):
                profile.runTests(at: WallClock.system.now()).map { Outcome($0, in: file) }
            case .failure(let problems): [Outcome(problems, in: file)]
            }
        }
    }
}
