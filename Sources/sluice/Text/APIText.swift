internal import Foundation
internal import Wire

/// `sluice api`: an operation's request, what it does, its arguments, and a line that tries it.
enum APIText {
    static func lines(_ endpoints: [Endpoint], socket: String, _ page: Page) -> [String] {
        endpoints.flatMap { [""] + lines($0, socket: socket, page) }.dropFirst()
            + [
                "",
                page.paint(
                    "keys are snake_case, times ISO 8601 in UTC; an error says what to do in 'next'",
                    .dim),
            ]
    }

    private static func lines(_ endpoint: Endpoint, socket: String, _ page: Page) -> [String] {
        let who = endpoint.access == .operators ? "; operators only" : ""
        let how = endpoint.streamed ? "; a JSON document a line, until either side ends it" : ""
        return [page.paint(endpoint.request, .bold)]
            + page.wrap(endpoint.what + who + how, lead: "  ")
            + endpoint.arguments.flatMap { argument($0, page) }
            + page.wrap("answers \(endpoint.answer)", lead: "  ", .dim)
            // Not wrapped: it is to be copied.
            + [page.paint("  " + endpoint.curl(socket: socket), .dim)]
    }

    private static func argument(_ argument: Parameter, _ page: Page) -> [String] {
        let words = argument.words.map { ": " + $0.joined(separator: ", ") } ?? ""
        let kind = argument.kind.words.map { "; \($0)" } ?? ""
        let optional = argument.required ? "" : " (optional)"
        let name = argument.name.padding(
            toLength: max(10, argument.name.count), withPad: " ", startingAt: 0)
        return page.wrap(argument.what + kind + optional + words, lead: "    \(name) ")
    }
}

extension Parameter.Kind {
    /// Where the description of the argument does not say it.
    fileprivate var words: String? {
        switch self {
        case .text, .word: nil
        case .number: "a number"
        case .flag: "true or false"
        case .texts: "a list"
        case .sha256: "64 hexadecimal digits"
        case .moment: "2027-02-01 or 2027-02-01T00:00:00Z"
        }
    }
}
