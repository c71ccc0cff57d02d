/// How a file is handed over, how the answer is read, and how it is asked for afterwards. With nothing
/// set: a PUT of the bytes under their name, and HEAD.
package struct HTTPManner: Sendable, Hashable {
    /// Of an answer in which something is looked for.
    static let longestAnswer = 64 << 10

    package enum Method: String, Sendable, CaseIterable {
        case put = "PUT"
        case post = "POST"
    }

    package enum Confirm: String, Sendable, CaseIterable {
        /// The length, and of some the bytes.
        case head
        /// The bytes of each.
        case get
        /// As `head`, or by `done`; and what is not there yet may come.
        case poll
    }

    /// A form, of which the file is a field.
    package struct Form: Sendable, Hashable {
        package var field: String
        package var fields: [String: FieldText]
    }

    package var method = Method.put
    /// Below `to`; nil: `to` itself, without its slash.
    package var postTo: FieldText?
    package var form: Form?
    /// Statuses that mean success; empty: the usual ones.
    package var expect: [Int] = []
    /// What a good answer says besides.
    package var answer: [AnswerCondition] = []
    /// Where the answer names what it has made. Nil: it lies under its name.
    package var object: AnswerPlace?
    /// Below `to`, with `{object}`: where that is asked for and taken away. Nil: `object` is its address.
    package var at: FieldText?
    package var confirm = Confirm.head
    /// With `poll`: what the answer says when all is well, and when nothing will come of it.
    package var done: AnswerCondition?
    package var failed: AnswerCondition?

    package init() {}

    /// 202 is no success by itself: the file is put aside, and not stored.
    func isGood(_ status: Int) -> Bool {
        (expect.isEmpty ? [200, 201, 204] : expect).contains(status)
            || confirm == .poll && status == 202
    }

    var readsAnswers: Bool { !answer.isEmpty || object != nil || done != nil || failed != nil }
}
