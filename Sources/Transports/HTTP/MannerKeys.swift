import Model
import YAML

/// The keys of `deliver:` that say how a file is handed over by HTTP, and what makes of an answer a
/// good one.
struct MannerKeys {
    /// Of a file, whoever it is for.
    private static let fields = [
        "name", "type", "sku", "view", "number", "variant", "slot", "position", "hash", "channel",
    ]

    private let method = OptionKey("method", Shape<HTTPManner.Method>.choice())
    private let postTo = OptionKey("post_to", Self.path(Self.fields))
    private let form = OptionKey("multipart", Self.form)
    private let expect = OptionKey("expect", Shape<Int>.integer(200...299), takesMany: true)
    private let answer = OptionKey("answer", Self.condition, takesMany: true)
    private let object = OptionKey("object", Self.object)
    private let at = OptionKey("at", Self.path(["object", "name"]))
    private let confirm = OptionKey("confirm", Shape<HTTPManner.Confirm>.choice())
    private let done = OptionKey("done", Self.condition)
    private let failed = OptionKey("failed", Self.condition)

    var all: [any AnyOptionKey] {
        [method, postTo, form, expect, answer, object, at, confirm, done, failed]
    }

    func manner(_ keys: Keys) -> HTTPManner {
        var manner = HTTPManner()
        manner.method = method.read(keys) ?? manner.method
        manner.postTo = postTo.read(keys)
        manner.form = form.read(keys)
        manner.expect = expect.list(keys)
        manner.answer = answer.list(keys)
        manner.object = object.read(keys)
        manner.at = at.read(keys)
        manner.confirm = confirm.read(keys) ?? manner.confirm
        manner.done = done.read(keys)
        manner.failed = failed.read(keys)
        check(manner, keys)
        return manner
    }

    private func check(_ manner: HTTPManner, _ keys: Keys) {
        func belongs(_ names: [String], to other: String, unless isThere: Bool) {
            for name in names where !isThere && !keys.lacks(name) {
                keys.refuse("'\(name)' belongs to '\(other)'", "contradiction", at: name)
            }
        }
        belongs(
            ["post_to", "multipart", "object"], to: "method: POST",
            unless: manner.method == .post)
        belongs(["done", "failed"], to: "confirm: poll", unless: manner.confirm == .poll)
        belongs(["at"], to: "object", unless: !keys.lacks("object"))
        if manner.expect.contains(202), manner.confirm != .poll {
            keys.refuse(
                "202 says that the file is not stored yet; 'confirm: poll' waits for that",
                "contradiction", at: "expect")
        }
        let isAddress = manner.object == .header("location")
        if isAddress, !keys.lacks("at") {
            keys.refuse(
                "the header 'Location' is an address already; take 'at' out", "contradiction",
                at: "at")
        }
        if manner.object != nil, !isAddress, keys.lacks("at") {
            keys.refuse(
                "'object' needs 'at': where it is asked for, such as \"pictures/{object}\"",
                "missing-key", at: "object")
        }
        if let at = manner.at, !at.fields.contains("object") {
            keys.refuse("'at' needs '{object}'", "template", at: "at")
        }
    }

    // MARK: Shapes

    private static func fieldText(_ known: [String]) -> Shape<FieldText> {
        Shape { node, label, reader in
            guard let text = Shape<String>.line.read(node, label, reader) else { return nil }
            do throws(FieldText.Fault) {
                return try FieldText(text, known: known)
            } catch {
                report(error, of: text, known, node, reader)
                return nil
            }
        }
    }

    private static func report(
        _ fault: FieldText.Fault, of text: String, _ known: [String], _ node: Node,
        _ reader: Reader
    ) {
        switch fault {
        case .unpaired:
            reader.report(
                node.place, "'\(text.withoutSecrets)' has a '{' or '}' without its partner",
                code: "template")
        case .unknown(let name):
            var hint = Spelling.hint(to: name, among: known)
            if hint.isEmpty { hint = "; there are \(known.joined(separator: ", "))" }
            reader.report(
                node.place, "'{\(name)}' is no field here\(hint)", code: "unknown-field")
        }
    }

    /// Of a URL, below `to`; it may have a query.
    private static func path(_ known: [String]) -> Shape<FieldText> {
        Shape { node, label, reader in
            guard let text = fieldText(known).read(node, label, reader) else { return nil }
            let path = text.text.prefix { $0 != "?" }
            let isPath = path.split(separator: "/").allSatisfy { $0 != "." && $0 != ".." }
            let fits = text.text.utf8.allSatisfy {
                (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "\\")
            }
            guard isPath, fits, !text.text.hasPrefix("/") else {
                reader.report(
                    node.place,
                    "'\(label)' wants a path below 'to', such as \"pictures/{\(known[0])}\", not "
                        + node.described, code: "bad-value")
                return nil
            }
            return text
        }
    }

    private static let form = Shape<HTTPManner.Form> { node, label, reader in
        reader.mapping(node, "'multipart'") { keys in
            let texts = keys.mapping("fields", "'fields'") { keys in
                keys.others().compactMap { entry -> (String, FieldText)? in
                    guard isFieldName(entry.key) else {
                        reader.report(
                            entry.place, "'\(entry.key)' is no name of a form's field",
                            code: "bad-value")
                        return nil
                    }
                    return reader.read(entry.value, entry.key, fieldText(fields)).map {
                        (entry.key, $0)
                    }
                }
            }
            return HTTPManner.Form(
                field: keys.required("field", fieldName) ?? "",
                fields: Dictionary(texts ?? []) { _, last in last })
        }
    }

    private static let fieldName = Shape<String>(expects: "the name of a form's field") {
        isFieldName($0) ? $0 : nil
    }

    /// It stands between quotes in a header.
    private static func isFieldName(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"\\".utf8.contains($0) }
    }

    private static let condition = Shape<AnswerCondition> { node, label, reader in
        reader.mapping(node, "'answer'") { keys in
            let place = answerPlace(keys)
            let equals = keys.optional("equals", .text)
            return place.map { AnswerCondition(place: $0, equals: equals) }
        } ?? nil
    }

    private static let object = Shape<AnswerPlace> { node, label, reader in
        reader.mapping(node, "'object'") { answerPlace($0) } ?? nil
    }

    private static func answerPlace(_ keys: Keys) -> AnswerPlace? {
        let pointer = keys.optional("pointer", Self.pointer)
        let header = keys.optional("header", Self.header)
        if keys.lacks("pointer") == keys.lacks("header") {
            keys.reader.report(
                keys.place, "say either 'pointer' or 'header': where in the answer",
                code: "missing-key")
        }
        return pointer.map { .pointer($0) } ?? header.map { .header($0) }
    }

    private static let pointer = Shape<JSONPointer>(
        expects: "a JSON Pointer such as /pictures/0/id"
    ) { JSONPointer($0) }

    private static let header = Shape<String>(expects: "the name of a header, such as ETag") {
        let fits = $0.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }
        return fits && (1...100).contains($0.utf8.count) ? $0.lowercased() : nil
    }
}

extension Shape where Value == String {
    /// A text without a line break or any other control character.
    fileprivate static var line: Shape<String> {
        Shape(expects: "a text of one line") { text in
            let isLine = text.unicodeScalars.allSatisfy {
                $0.properties.generalCategory != .control
            }
            return isLine && (1...1000).contains(text.utf8.count) ? text : nil
        }
    }
}
