internal import ArgumentParser
internal import Control
internal import Foundation
import Host
internal import Model

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Is everything all right?",
        discussion: "Exit status 1 when a person is needed.")

    @OptionGroup var options: Options

    @Flag(help: "Wait until all that lies there now was looked at and nothing is left to do.")
    var wait = false

    @Option(help: "With --wait: seconds after which to give up (exit status 2).")
    var timeout: Double?

    func validate() throws {
        guard timeout == nil || wait else { throw ValidationError("--timeout goes with --wait") }
    }

    func run() async throws {
        if wait {
            try await QuietWait(
                client: try options.client(), page: try options.page(), timeout: timeout
            ).run()
        }
        let answer = try await ask(options, StatusAnswer.self) {
            client async throws(Client.Failure) in
            try await client.get("/v1/status")
        } text: { answer, page in
            StatusText.lines(answer, page)
        }
        try needPerson(if: answer.verdict != "ok")
    }
}

/// Waits until all that lies there when it begins was looked at and is done, with a line of progress
/// on a terminal.
private struct QuietWait {
    let client: Client
    let page: Page
    let timeout: Double?

    /// A daemon that has just been started may not listen yet.
    private static let grace = 5.0
    private static let pause = Duration.milliseconds(200)

    func run() async throws {
        let started = WallClock.system.now()
        var progress = Progress()
        var look = "new"
        defer { if Console.isTerminal { Console.redraw("") } }
        while true {
            let waited = WallClock.system.now().timeIntervalSince(started)
            if let status = try await ask(look, waited) {
                if status.idle { return }
                look = status.look ?? look
                progress.note(status)
                if Console.isTerminal {
                    Console.redraw(ProgressText.line(progress, page, waited: waited))
                }
            }
            if let timeout, waited >= timeout {
                throw Failure.couldNot(
                    "still at work after \(Words.span(timeout))", next: "see 'sluice status'")
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    private func ask(
        _ look: String, _ waited: TimeInterval
    ) async throws(Failure) -> StatusAnswer? {
        do throws(Client.Failure) {
            let data = try await client.get("/v1/status", query: [("look", look)])
            return try client.decode(StatusAnswer.self, data)
        } catch {
            if case .noDaemon = error, waited < Self.grace { return nil }
            throw Failure(error)
        }
    }
}
