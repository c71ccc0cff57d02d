extension Operations {
    /// One thing that can be asked or ordered over the socket: the only place that says how. Server,
    /// client and documents all read it from here.
    package struct Entry<Asked: Arguments, Answer: Codable & Sendable>: Sendable {
        package let endpoint: Endpoint

        /// Changes nothing, and anyone may.
        static func question(_ path: String, _ what: String) -> Self {
            Self(
                endpoint: Endpoint(
                    .get, path, what, .anyone, Asked.declared, answer: "\(Answer.self)"))
        }

        /// Changes something, and operators may.
        static func order(_ path: String, _ what: String) -> Self {
            Self(
                endpoint: Endpoint(
                    .post, path, what, .operators, Asked.declared, answer: "\(Answer.self)"))
        }
    }

    /// One whose answer is line after line, for as long as both sides like.
    package struct Stream<Asked: Arguments, Line: Codable & Sendable>: Sendable {
        package let endpoint: Endpoint

        /// Changes nothing, and anyone may.
        static func question(_ path: String, _ what: String) -> Self {
            Self(
                endpoint: Endpoint(
                    .get, path, what, .anyone, Asked.declared, answer: "\(Line.self)",
                    streamed: true))
        }
    }
}
