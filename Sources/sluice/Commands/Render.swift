internal import ArgumentParser
internal import Channels
internal import Export
internal import Foundation
internal import Model

struct Render: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Render a picture as a channel would get it, without a daemon.",
        discussion: """
            Writes NAME.RENDITION.EXT into --output and prints what was measured. Exit status 1 \
            when something breaks the profile: such a file would never leave.
            """)

    @OptionGroup var options: Options
    @Option(help: "The channel, from the configured profiles.") var channel: String?
    @Option(help: "A profile file instead of a configured channel.") var profile: String?
    @Option(help: "Only this rendition of the profile.") var rendition: String?
    @Option(name: .shortAndLong, help: "Where the files go.") var output = "."
    @Argument(help: "The picture.") var file: String

    func validate() throws {
        guard (channel == nil) != (profile == nil) else {
            throw ValidationError("name a --channel or a --profile")
        }
    }

    func run() async throws {
        let source = try ProfileSource(options)
        let chosen =
            if let channel { try source.profile(channel: channel) } else {
                try Self.only(source.load([profile ?? ""]))
            }
        var outcome = try await Tryout(options, chosen, only: rendition).run(file)
        defer { try? outcome.discard() }
        try collect(&outcome)
        outcome.show(options)
        try needPerson(if: !outcome.passes)
    }

    private static func only(
        _ loaded: [(file: String, result: Result<Profile, Problems>)]
    ) throws(Failure) -> Profile {
        guard loaded.count == 1 else { throw .couldNot("--profile wants one file") }
        do throws(Problems) { return try loaded[0].result.get() } catch {
            throw .badConfiguration(error)
        }
    }

    /// Copies what was made to where the person wants it.
    private func collect(_ outcome: inout Tryout.Outcome) throws {
        let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
        try FileManager.default.createDirectory(
            atPath: output, withIntermediateDirectories: true)
        for index in outcome.answer.outcomes.indices {
            guard let made = outcome.answer.outcomes[index].file else { continue }
            let rendition = outcome.answer.outcomes[index].rendition
            let kind = URL(fileURLWithPath: made).pathExtension
            let target = "\(output)/\(name).\(rendition).\(kind)"
            try? FileManager.default.removeItem(atPath: target)
            // Renditions with one recipe share one file.
            try FileManager.default.copyItem(atPath: made, toPath: target)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: target)
            outcome.answer.outcomes[index].file = target
            if !options.json { Console.show([target]) }
        }
    }
}
