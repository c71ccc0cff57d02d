import YAML

/// `hand: {who: anna, say: "…"}`: a person does the last step. What is delivered is only where they fetch it.
package struct Hand: Sendable, Equatable {
    package var who: String
    /// What they have to do, in a sentence.
    package var say: String

    package init(who: String, say: String) {
        self.who = who
        self.say = say
    }

    static func read(_ keys: Keys) -> Hand? {
        let read = keys.mapping("hand", "'hand'") { keys -> Hand? in
            let who = keys.required("who", line("a name", most: 60))
            let say = keys.required("say", line("a sentence", most: 300))
            return who.flatMap { who in say.map { Hand(who: who, say: $0) } }
        }
        return read ?? nil
    }

    /// It stands in tables and in alarms.
    private static func line(_ what: String, most: Int) -> Shape<String> {
        Shape(expects: "\(what) of one line, at most \(most) characters") { text in
            let isLine = !text.contains { $0.isNewline || $0.isControl }
            let isSaid = text.contains { !$0.isWhitespace }
            return isLine && isSaid && text.count <= most ? text : nil
        }
    }
}

extension Character {
    fileprivate var isControl: Bool {
        unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
