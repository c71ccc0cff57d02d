internal import ArgumentParser
internal import Foundation
internal import Model
internal import Profiles
internal import Proof
internal import Wire

struct ProofCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proof",
        abstract: "Show on one page what each channel would get of a picture or a SKU.",
        discussion: """
            Writes one HTML page that needs nothing else: the master, each rendition with what \
            was measured drawn on it, and the verdict of every rule. Renders as the daemon does, \
            without one. A SKU's pictures are those that lie in the configured spool and name it. \
            Exit status 1 when a rendition breaks its profile.
            """)

    @OptionGroup var options: Options
    @Option(help: "A channel to show; may be given again. All of them unless said.")
    var channel: [String] = []
    @Option(help: "An older file of a channel's profile: both are rendered and compared.")
    var against: String?
    @Option(name: .shortAndLong, help: "The page to write; 'NAME.proof.html' unless said.")
    var output: String?
    @Argument(help: "A picture's file, or a SKU.") var subject: String

    func run() async throws {
        let selection = try ProfileSelection(options, channels: channel, against: against)
        let input = try await ProofInput.find(subject, options)
        let builder = try ProofBuilder(options, selection: selection, input: input)
        let sheet = try await builder.sheet()
        let path = output ?? Self.usualName(subject)
        do {
            try Data(sheet.html().utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Failure.couldNot(
                "cannot write '\(path)': \((error as NSError).localizedDescription)")
        }
        try show(sheet, path)
        try needPerson(if: !sheet.passes)
    }

    /// In the working directory, whatever the subject's own.
    private static func usualName(_ subject: String) -> String {
        let name = URL(fileURLWithPath: subject).deletingPathExtension().lastPathComponent
        return "\(name.isEmpty ? "sheet" : name).proof.html"
    }

    private func show(_ sheet: ProofSheet, _ path: String) throws {
        let summary = ProofSummary(sheet, path)
        if options.json {
            try Console.write(json: summary)
        } else {
            Console.show(summary.lines(.standard()))
        }
    }
}

extension ProofSheet {
    fileprivate var passes: Bool {
        masters.allSatisfy { master in
            master.refusal == nil
                && master.channels.flatMap(\.renditions).allSatisfy { $0.now?.passes ?? true }
        }
    }
}

/// What the page shows, for the terminal and for programs.
struct ProofSummary: Encodable {
    struct Rendition: Encodable {
        var master: String
        var channel: String
        var rendition: String
        var passes: Bool
        var refusal: String?
        var checks: [Model.Check]
    }

    var sheet: String
    var renditions: [Rendition]
    var notes: [String]

    init(_ sheet: ProofSheet, _ path: String) {
        self.sheet = path
        notes =
            sheet.notes + sheet.masters.compactMap(\.refusal)
            + sheet.masters.flatMap(\.channels).flatMap { channel in
                channel.gates.filter { $0.kind == .rights }.map { "\(channel.name): \($0.message)" }
            }
        renditions = sheet.masters.flatMap { master in
            master.channels.flatMap { channel in
                channel.renditions.compactMap { rendition in
                    rendition.now.map { now in
                        Rendition(
                            master: master.name, channel: channel.name, rendition: rendition.name,
                            passes: now.passes, refusal: now.refusal, checks: now.checks)
                    }
                }
            }
        }
    }

    func lines(_ page: Page) -> [String] {
        var table = Table()
        for rendition in renditions {
            let broken = rendition.checks.filter { !$0.passed }.map(\.rule)
            let words =
                rendition.refusal
                ?? (broken.isEmpty ? "" : "breaks \(broken.joined(separator: ", "))")
            table.add(
                page.light(rendition.passes ? .green : .red) + " ",
                [
                    Table.Cell(rendition.channel, .bold), Table.Cell(rendition.rendition),
                    Table.Cell(words),
                ])
        }
        return table.lines(on: page).flatMap(\.self) + notes.flatMap { page.wrap($0) } + [sheet]
    }
}
