internal import ArgumentParser
internal import Control
internal import Foundation
import Host
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
        if let on, Horizon(on) == nil {
            throw ValidationError("--on wants a day such as 2027-02-01, not '\(on)'")
        }
        let year = WallClock.system.now(plus: 365 * 86_400)
        let answer = try await ask(options, UpcomingAnswer.self) {
            client async throws(Client.Failure) in
            try await client.get(
                "/v1/upcoming",
                query: [("until", on ?? year.formatted(.iso8601)), ("channel", channel)])
        } text: { answer, page in
            UpcomingText(answer, page: page).lines()
        }
        try needPerson(if: answer.failingCount > 0)
    }
}
