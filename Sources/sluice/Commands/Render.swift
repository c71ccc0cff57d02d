internal import ArgumentParser
internal import Export
internal import Foundation
internal import Model
internal import Profiles

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
        if let rendition, chosen.renditions[rendition] == nil {
            let names = chosen.renditions.keys.sorted().joined(separator: ", ")
            throw Failure.couldNot(
                "'\(chosen.channel)' has no rendition '\(rendition)'", next: "it has \(names)")
        }
        let input = try await ProofInput.of(file: file, options.configurationIfAny())
        let examiner = try Examiner(options, [chosen], zone: source.vocabulary.zone)
        let examination = try await examiner.run { examiner async throws(Failure) in
            var examination = try await examiner.examine(
                input, only: rendition, everything: true)
            try collect(&examination.channels[0].renditions)
            return examination
        }
        if options.json {
            try Console.write(json: examination)
        } else {
            Console.show(examination.channels[0].renditions.compactMap(\.file))
            Console.show(VerdictText(page: .standard()).lines(examination))
        }
        try needPerson(if: !examination.passes)
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
    private func collect(_ renditions: inout [Examination.Rendition]) throws(Failure) {
        let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
        for index in renditions.indices {
            guard let made = renditions[index].file else { continue }
            let kind = URL(fileURLWithPath: made).pathExtension
            let target = "\(output)/\(name).\(renditions[index].rendition).\(kind)"
            do {
                try Self.copy(made, to: target)
            } catch {
                throw .couldNot(
                    "cannot write '\(target)': \((error as NSError).localizedDescription)")
            }
            renditions[index].file = target
        }
    }

    /// Renditions with one recipe share one file, so none is moved.
    private static func copy(_ made: String, to target: String) throws {
        let manager = FileManager.default
        try manager.createDirectory(
            at: URL(fileURLWithPath: target).deletingLastPathComponent(),
            withIntermediateDirectories: true)
        try? manager.removeItem(atPath: target)
        try manager.copyItem(atPath: made, toPath: target)
        try manager.setAttributes([.posixPermissions: 0o644], ofItemAtPath: target)
    }
}
