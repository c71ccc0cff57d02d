internal import ArgumentParser
internal import Foundation
internal import Model
internal import Wire

struct QuarantineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "Which files in the spool cannot be used, why, and what to do?",
        subcommands: [List.self, Dismiss.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every file that cannot be used, why, and what to do about it.",
            discussion: "Exit status 1 when there is one. It leaves the list with its file.")

        @OptionGroup var options: Options

        func run() async throws {
            let answer = try await ask(options, Operations.quarantine, NoArguments()) {
                answer, page in
                QuarantineText.lines(answer, page)
            }
            try needPerson(if: !answer.files.isEmpty)
        }
    }

    struct Dismiss: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let files that cannot be used lie where they are.",
            discussion: """
                They do not count any more, until they change. All that are named are dismissed, \
                or none.
                """)

        @OptionGroup var options: Options
        @Argument(help: "Files, as 'sluice quarantine list' names them.") var paths: [String] = []
        @Flag(help: "All that are in quarantine now.") var all = false

        func validate() throws {
            guard paths.isEmpty == all else {
                throw ValidationError("name files, or say --all")
            }
        }

        func run() async throws {
            try await order(
                options, Operations.dismiss,
                DismissOrder(paths: all ? nil : paths.map(Self.known), all: all ? true : nil))
        }

        /// A path that is meant from here, as the daemon can know it.
        private static func known(_ path: String) -> String {
            guard path.hasPrefix("./") || path.hasPrefix("../") else { return path }
            return URL(fileURLWithPath: path).standardizedFileURL.path
        }
    }
}
