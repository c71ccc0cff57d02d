internal import Foundation
internal import Model

/// An operation as the socket and its documents know it: where it is asked for, by whom, with what.
package struct Endpoint: Codable, Hashable, Sendable {
    package enum Method: String, Codable, Sendable {
        case get = "GET"
        case post = "POST"
    }

    /// Who may.
    package enum Access: String, Codable, Sendable {
        case anyone, operators
    }

    /// Part of every path: what is changed so that an older client would misread it gets another.
    package static let version = "v1"

    /// `GET /v1/why?sku=SKU&channel=CHANNEL`
    package var request: String
    package var what: String
    package var method: Method
    /// `/v1/live/:sku`, where a segment that begins with a colon is the argument of that name.
    package var path: String
    package var access: Access
    package var arguments: [Parameter]
    /// Type of the answer, or of each line of one that is streamed.
    package var answer: String
    /// A JSON document a line, until either side ends it.
    package var streamed: Bool

    /// - Parameter path: below the version.
    init(
        _ method: Method, _ path: String, _ what: String, _ access: Access,
        _ arguments: [Parameter], answer: String, streamed: Bool = false
    ) {
        self.method = method
        self.path = path.isEmpty ? "/" + Self.version : "/\(Self.version)/\(path)"
        self.what = what
        self.access = access
        self.arguments = arguments
        self.answer = answer
        self.streamed = streamed
        request = ""
        request = method.rawValue + " " + usage(arguments)
    }

    /// Names its place in the table.
    package var name: String { "\(method.rawValue) \(path)" }

    package func isInPath(_ argument: Parameter) -> Bool {
        path.split(separator: "/").contains { $0 == ":" + argument.name }
    }

    /// The path with values in their places, those that are nil left out.
    func address(_ value: (Parameter) -> String?) -> String {
        let segments = path.split(separator: "/").map { segment in
            guard segment.hasPrefix(":") else { return String(segment) }
            return arguments.first { ":" + $0.name == segment }.flatMap(value) ?? ""
        }
        let asked = method == .get ? arguments.filter { !isInPath($0) } : []
        let pairs = asked.compactMap { argument in
            value(argument).map { "\(argument.name)=\($0)" }
        }
        return "/" + segments.joined(separator: "/")
            + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }

    private func usage(_ shown: [Parameter]) -> String {
        address { shown.contains($0) ? $0.placeholder : nil }
    }

    /// With no more than it needs: `/v1/why?sku=SKU`.
    var shortest: String { usage(arguments.filter(\.required)) }

    /// A command line that tries it, with values that are right in form.
    package func curl(socket: String) -> String {
        let needed = arguments.filter(\.required)
        let address = address { needed.contains($0) ? SocketFormat.escape($0.sample.text) : nil }
        let values = needed.map { ($0.name, $0.sample) }
        let body = try? SocketFormat.encode(
            Dictionary(values, uniquingKeysWith: { first, _ in first }))
        let data =
            method == .post
            ? "-d '\(body.map { String(decoding: $0, as: UTF8.self) } ?? "{}")' " : ""
        return "curl --unix-socket \(socket.shellWord) \(data)'http://localhost\(address)'"
    }
}
