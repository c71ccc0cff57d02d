internal import ArgumentParser
internal import Control
internal import Foundation
internal import Model

struct Upcoming: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Which rules begin soon, and what is live now and will fail them?",
        discussion: "The list of what to shoot again. Exit status 1 when something will fail.")

    @OptionGroup var options: Options
    @Option(help: "Rules that begin until this day, such as 2027-02-01; a year from now.")
    var on: String?
    @Option(help: "One channel; all when not given.") var channel: String?

    func run() async throws {
        let until = try Self.day(on)
        let answer = try await ask(options, UpcomingAnswer.self) {
            client async throws(Client.Failure) in
            try await client.get(
                "/v1/upcoming",
                query: [("until", until.formatted(.iso8601)), ("channel", channel)])
        } text: { answer, page in
            UpcomingText(page: page).lines(answer)
        }
        try needPerson(if: answer.failingCount > 0)
    }

    /// The end of that day; a year from now when none is named.
    private static func day(_ text: String?) throws -> Date {
        guard let text else { return Date().addingTimeInterval(365 * 86_400) }
        let style = Date.ISO8601FormatStyle(timeZone: .current).year().month().day()
        guard let date = try? Date(text, strategy: style) else {
            throw ValidationError("--on wants a day such as 2027-02-01, not '\(text)'")
        }
        return date.addingTimeInterval(86_400 - 1)
    }
}
