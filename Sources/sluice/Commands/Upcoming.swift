internal import ArgumentParser
internal import Foundation
import Host
internal import Model
internal import Wire

struct Upcoming: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Which rules begin soon, and what is live now and will fail them?",
        discussion: "The list of what to shoot again. Exit status 1 when something will fail.")

    @OptionGroup var options: Options
    @Option(help: "Rules that begin until this day, such as 2027-02-01; a year from now.")
    var on: String?
    @Option(help: "One channel; all when not given.") var channel: String?

    func validate() throws {
        guard let on, Horizon(on) == nil else { return }
        throw ValidationError("--on wants a day such as 2027-02-01, not '\(on)'")
    }

    func run() async throws {
        let until = on.flatMap(Horizon.init) ?? .time(WallClock.system.now(plus: 365 * 86_400))
        let question = UpcomingQuestion(until: until, channel: channel)
        let answer = try await ask(options, Operations.upcoming, question) { answer, page in
            UpcomingText(answer, page: page).lines()
        }
        try needPerson(if: answer.failingCount > 0)
    }
}
