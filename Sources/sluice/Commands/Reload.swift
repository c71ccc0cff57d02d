internal import ArgumentParser
internal import Model
internal import Wire

struct Reload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take new profiles; wait, and show every error and what changed.",
        discussion:
            "Exit status 1 when a channel waits for a person: its profile has mistakes (the last "
            + "good one stays in force), is gone, or names another place.")

    @OptionGroup var options: Options

    func run() async throws {
        let answer = try await ask(options, Operations.reload, NoArguments()) { answer, page in
            DoneText.lines(answer, page)
        }
        try needPerson(if: !answer.problems.isEmpty || !answer.waiting.isEmpty)
    }
}
