internal import ArgumentParser
internal import DryRun
internal import Export
internal import Foundation
internal import Host
internal import Intake
internal import Model
internal import Profiles
internal import Synchronization

struct PreflightCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preflight",
        abstract: "Would the pictures of this directory pass, on every channel?",
        discussion: """
            For a studio, before delivery: names against the product records, twins, and what each \
            channel says to a real rendering of each picture. Needs no daemon, writes nothing into \
            the directory, asks for no approval. Exit status 1 when something is to be done.
            """)

    @OptionGroup var options: Options
    @Option(help: "One channel; may be given again. All when not given.") var channel: [String] = []
    @Argument(help: "The directory.") var directory: String

    func run() async throws {
        let configuration = try options.configuration()
        let selection = try ProfileSelection(options, channels: channel, against: nil)
        var settings = try configuration.spoolSettings()
        settings.path = URL(fileURLWithPath: directory).standardizedFileURL.path
        let scratch =
            FileManager.default.temporaryDirectory.path + "/sluice-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let preflight = Preflight(
            settings, profiles: selection.profiles, products: await products(configuration),
            renderer: try options.renderer(), scratch: scratch, at: WallClock.system.now())
        let report = try await report(preflight)
        if options.json {
            try Console.write(json: report)
        } else {
            Console.show(PreflightText(page: .standard()).lines(report, notes: selection.notes))
        }
        try needPerson(if: !report.isFine)
    }

    private func report(_ preflight: Preflight) async throws -> Preflight.Report {
        let isQuiet = options.json
        do {
            return try await preflight.run { done, all in
                if !isQuiet { Console.progress(done, of: all) }
            }
        } catch {
            throw Failure.couldNot("'\(directory)' cannot be looked through: \(error)")
        }
    }

    private func products(_ configuration: Configuration) async -> [Product]? {
        guard let products = configuration.products else { return nil }
        return await Lane("preflight").run {
            ProductTables.products(in: products.path, as: products.forms)
        }
    }
}
