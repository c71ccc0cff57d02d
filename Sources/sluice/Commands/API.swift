internal import ArgumentParser
internal import Foundation
internal import Wire

struct API: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What can be asked over the socket, by whom, with which arguments?",
        discussion: """
            Of this program, whether a daemon runs or not; 'GET /v1' is a running one's. With a word, \
            only what has it in its path: 'sluice api quarantine'.
            """)

    @OptionGroup var options: Options
    @Argument(help: "A word of the path; everything when not given.") var word: String?

    func run() async throws {
        let endpoints = Operations.all.filter { endpoint in
            word.map { endpoint.path.contains($0) } ?? true
        }
        guard !endpoints.isEmpty else {
            throw Failure.couldNot(
                "no path has '\(word ?? "")' in it", next: "'sluice api' shows all of them")
        }
        if options.json {
            try Console.write(json: APIAnswer(endpoints: endpoints))
        } else {
            let socket = try options.socket()
            Console.show(APIText.lines(endpoints, socket: socket, .standard()))
        }
    }
}
