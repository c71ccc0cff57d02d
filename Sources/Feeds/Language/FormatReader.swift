import Host
package import Model
package import YAML

/// Reads a format's file. All mistakes are told at once, each with its place.
package struct FormatReader {
    let reader: Reader
    let formats: FeedFormats

    /// - Parameter onQuestion: is told of every key that is asked for.
    package static func read(
        _ file: FeedFormats.FormatFile, among formats: FeedFormats,
        onQuestion: ((Reader.Question) -> Void)? = nil
    ) throws(Problems) -> FeedFormat {
        let reader = Reader(onQuestion: onQuestion)
        let root = try Document(file.text, file: file.file).root
        let reading = FormatReader(reader: reader, formats: formats)
        let whole = try reading.inherited(root, beyond: [file.name])
        let format = reader.mapping(whole, "a format") {
            reading.format($0, named: file.name, meaning: reading.meaning(of: whole))
        }
        return try reader.finish(format ?? nil)
    }

    // MARK: Taking over

    /// Key by key, and attribute by attribute below `fields`; a document is taken over whole.
    private func inherited(_ node: Node, beyond seen: [String]) throws(Problems) -> Node {
        guard let like = node["like"], let name = like.text else { return node }
        guard let file = formats.file(name), !seen.contains(name) else {
            let hint = Spelling.hint(to: name, among: formats.names)
            let why =
                seen.contains(name) ? "it takes over itself" : "there is no such format\(hint)"
            throw Problems([Problem(like.place, "'like: \(name)': \(why)", code: "like")])
        }
        let base = try inherited(
            Document(file.text, file: file.file).root, beyond: seen + [name])
        return merged(base, with: node)
    }

    private static let documents = ["xml", "table", "lines"]
    /// These are the other format's own.
    private static let own = ["format", "title", "source", "seen", "tests", "schema", "like"]

    private func merged(_ base: Node, with node: Node) -> Node {
        let entries = node.entries ?? []
        let hasDocument = entries.contains { Self.documents.contains($0.key) }
        var all = (base.entries ?? []).filter { entry in
            !Self.own.contains(entry.key)
                && !(hasDocument && Self.documents.contains(entry.key))
        }
        for entry in entries {
            guard let index = all.firstIndex(where: { $0.key == entry.key }) else {
                all.append(entry)
                continue
            }
            let merges = entry.key == "fields" || entry.key == "codes"
            all[index].value = merges ? mergedFields(all[index].value, entry.value) : entry.value
            all[index].place = entry.place
        }
        return Node(place: node.place, content: .mapping(all))
    }

    /// `any` lifts what the other format asks for: the attribute is not there.
    private func mergedFields(_ base: Node, _ node: Node) -> Node {
        var all = base.entries ?? []
        for entry in node.entries ?? [] {
            all.removeAll { $0.key == entry.key && entry.value.text == "none" }
            if entry.value.text == "none" { continue }
            if let index = all.firstIndex(where: { $0.key == entry.key }) {
                all[index] = entry
            } else {
                all.append(entry)
            }
        }
        return Node(place: node.place, content: .mapping(all))
    }

    private func meaning(of node: Node) -> String {
        let entries = (node.entries ?? []).filter { !Self.own.contains($0.key) }
        return Node(place: node.place, content: .mapping(entries)).canonical
    }

    // MARK: Reading

    private func format(
        _ keys: Keys, named file: String, meaning: String
    ) -> FeedFormat? {
        _ = keys.optional("like", .word)
        let name = keys.required("format", .word)
        if let name, name != file {
            reader.report(
                keys.place("format"), "the format is called '\(name)' and its file '\(file).yaml'",
                code: "bad-value")
        }
        let title = keys.required("title", .text)
        let source = keys.required("source", .text)
        _ = keys.required("seen", .text)
        let tables = self.tables(keys)
        let currencies = (keys.node("head")?.entries ?? []).filter { entry in
            entry.value.entries?.contains { $0.key == "kind" && $0.value.text == "currency" }
                == true
        }.map(\.key)
        let filters = FilterReader(reader: reader, tables: tables, currencies: currencies)
        guard var attributes = self.attributes(keys, filters) else { return nil }
        let questions = self.questions(keys, attributes)
        let texts = TextReader(
            reader: reader, attributes: attributes, head: questions.map(\.key), filters: filters)
        let categories = keys.optional("categories", column(of: attributes))
        let mediaType = keys.required("media_type", .text)
        let ending = keys.required("ending", Self.ending)
        let packing = keys.optional("pack", Shape<Wrapping.Packing>.choice())
        let charset = self.charset(keys)
        let schema = keys.optional("schema", .text)
        guard let document = self.document(keys, texts) else { return nil }
        check(document, ElementChecks(reader: reader, attributes: attributes))
        let split = self.split(keys, texts, document)
        let beside = self.beside(keys, texts, split != nil)
        for document in [document] + beside.map(\.document) {
            attributes = attributes.held(to: document)
        }
        if let charset {
            check([document] + beside.map(\.document), charset, keys, tables)
            attributes = attributes.held(to: charset)
        }
        let tests = keys.items("tests").compactMap { FormatTestReader(reader: reader).test($0) }
        guard let name, let title, let source, let mediaType, let ending else { return nil }
        let format = FeedFormat(
            name: name, title: title, mediaType: mediaType, ending: ending, source: source,
            attributes: attributes, document: document,
            categories: categories.map { FeedFormat.Categories(column: $0) }, split: split,
            schema: schema,
            charset: charset, packing: packing, tests: tests, questions: questions, meaning: meaning
        )
        return format.with(
            beside.map { format.document($0.document, named: $0.name, schema: $0.schema) })
    }

    private static let ending = Shape<String>(expects: "the ending of a file such as xml") { text in
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { (0x61...0x7A).contains($0) }
        } ? text : nil
    }

    private func column(of attributes: FeedAttributes) -> Shape<Int> {
        Shape(expects: "an attribute of 'fields'") { attributes.column($0) }
    }

    // MARK: Encodings

    private func charset(_ keys: Keys) -> Charset? {
        let known = Charset.encodings.map { ($0.rawValue, Optional($0)) }
        let encoding = keys.optional("encoding", .choice([("utf-8", nil)] + known)) ?? nil
        let unfit = keys.optional("unfit", Shape<Charset.Unfit>.choice())
        guard let encoding else {
            if unfit != nil {
                reader.report(
                    keys.place("unfit"), "UTF-8 has every character; 'unfit' goes with 'encoding'",
                    code: "contradiction")
            }
            return nil
        }
        return Charset(encoding: encoding, unfit: unfit ?? .refuse)
    }

    /// What the format itself writes must be there.
    private func check(
        _ documents: [FeedDocument], _ charset: Charset, _ keys: Keys, _ tables: [String: CodeTable]
    ) {
        for case .lines in documents {
            reader.report(
                keys.place("encoding"), "JSON is UTF-8; take 'encoding' out", code: "contradiction")
        }
        for case .table(let table) in documents where table.hasMark {
            reader.report(
                keys.place("encoding"), "'byte_order_mark' is a mark of UTF-8; take it out",
                code: "contradiction")
        }
        let elements = documents.flatMap(\.elements)
        let literals = elements.flatMap(\.texts).flatMap(\.parts).compactMap { part in
            if case .literal(let text) = part { text } else { nil }
        }
        let codes = tables.values.flatMap {
            Array($0.codes.values) + [$0.otherwise].compactMap(\.self)
        }
        for text in elements.map(\.name) + literals + codes.sorted() {
            guard let scalar = charset.unfit(in: text) else { continue }
            reader.report(
                keys.place("encoding"), charset.message("'\(text)'", scalar), code: "encoding")
        }
    }

    private func tables(_ keys: Keys) -> [String: CodeTable] {
        var tables: [String: CodeTable] = [:]
        _ = keys.mapping("codes", "'codes'") { keys in
            for entry in keys.others() {
                tables[entry.key] = reader.mapping(entry.value, "a table of codes") { keys in
                    let otherwise = keys.optional("otherwise", .text)
                    let codes = keys.others().compactMap { entry in
                        reader.read(entry.value, entry.key, .text).map { (entry.key, $0) }
                    }
                    return CodeTable(
                        name: entry.key,
                        codes: Dictionary(codes, uniquingKeysWith: { first, _ in first }),
                        otherwise: otherwise)
                }
            }
        }
        return tables
    }

    private func questions(_ keys: Keys, _ attributes: FeedAttributes) -> [FeedFormat.HeadQuestion]
    {
        var questions: [FeedFormat.HeadQuestion] = []
        _ = keys.mapping("head", "'head'") { keys in
            for entry in keys.others() {
                let question = reader.mapping(entry.value, "a question") { keys in
                    let texts = TextReader(
                        reader: reader, attributes: attributes, head: questions.map(\.key),
                        filters: FilterReader(reader: reader, tables: [:], currencies: []))
                    return FeedFormat.HeadQuestion(
                        key: entry.key,
                        kind: keys.optional("kind", .choice()) ?? .text,
                        isRequired: keys.optional("required", .bool) ?? false,
                        otherwise: keys.node("otherwise").flatMap { texts.text($0, "otherwise") })
                }
                guard let question else { continue }
                if question.kind == .currency, !question.isRequired, question.otherwise == nil {
                    reader.report(
                        entry.value.place,
                        "'\(entry.key)' would be the channel's title where the profile does not say it; "
                            + "make it required, or say otherwise: EUR", code: "bad-value")
                }
                questions.append(question)
            }
        }
        return questions
    }
}
