internal import ArgumentParser
internal import Foundation
internal import SocketClient
internal import Wire

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show events as they happen, until the daemon stops or ^C.")

    @OptionGroup var options: Options
    @Option(help: "Begin after the event with this id, not now.") var after: Int64?

    func run() async throws {
        let client = try options.client()
        let json = options.json
        let page = try options.page()
        let fits = Console.isTerminal
        if fits, !json { Console.show([page.zoneLine]) }
        do throws(Client.Failure) {
            try await client.watch(
                Operations.events, EventsQuestion(after: after)
            ) { line, event in
                json
                    ? Console.write(line + [UInt8(ascii: "\n")])
                    : Console.show([EventText.line(event, page, fits: fits)])
            }
        } catch {
            throw Failure(error)
        }
    }
}
