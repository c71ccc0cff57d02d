import Curl
import Foundation

/// Where in an answer something is.
package enum AnswerPlace: Sendable, Hashable, CustomStringConvertible {
    case pointer(JSONPointer)
    /// In lower case, as a response has it.
    case header(String)

    package var description: String {
        switch self {
        case .pointer(let pointer): "'\(pointer)'"
        case .header(let name): "the header '\(name)'"
        }
    }

    /// Nil where nothing is there.
    func value(in response: Response) -> JSON? {
        switch self {
        case .pointer(let pointer): JSON(response.body).flatMap { pointer.value(in: $0) }
        case .header(let name): response.headers[name].map(JSON.text)
        }
    }
}

/// What an answer must say: that something is there, or that it is this word.
package struct AnswerCondition: Sendable, Hashable {
    package var place: AnswerPlace
    /// Nil: it is enough that there is something.
    package var equals: String?

    func holds(in response: Response) -> Bool {
        guard let value = place.value(in: response) else { return false }
        return equals == nil || value.word == equals
    }

    /// What is wrong with an answer in which it does not hold.
    /// - Parameter shown: a word of the server's, as it may be shown to people.
    func refusal(of response: Response, shown: (String) -> String?) -> String {
        guard let value = place.value(in: response), let equals else {
            if case .pointer = place, JSON(response.body) == nil {
                return "its answer is no JSON, or longer than \(HTTPManner.longestAnswer >> 10) KiB"
            }
            return "its answer has not \(place)"
        }
        let word = value.word.flatMap(shown).map { "'\($0)'" } ?? "something else"
        return "\(place) of its answer is \(word) in place of '\(equals)'"
    }
}
