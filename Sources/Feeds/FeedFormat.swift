// What a channel reads: documents of products. A format is a file in `channels/feeds`: which
// attributes an item may have and what the channel asks of them, and how the document looks. An
// edition is written to the disk, read again by a parser that shares nothing with the writer, and
// named only when it is whole, well-formed and holds exactly the items and picture addresses that
// were meant. A bad item is left out with its reasons and the others go on. The bytes depend on the
// items alone. Which items there are, and when an edition goes out, is Export's.

import Model
package import YAML

/// A kind of document, with what a profile says of it.
package struct FeedFormat: Sendable {
    /// As a profile says it; it stands in names of files too.
    package let name: String
    package let title: String
    package let mediaType: String
    /// Of an edition's file, without the point.
    package let ending: String
    package private(set) var attributes: FeedAttributes
    /// Where it is written down, and when somebody looked.
    package let source: String
    let document: FeedDocument
    let categories: Categories?
    let split: Split?
    /// Further documents of the same items, each under its own name, in the same edition.
    private(set) var beside: [FeedFormat] = []
    let schema: String?
    /// Nil: UTF-8.
    let charset: Charset?
    let packing: Wrapping.Packing?
    let tests: [FormatTest]
    let questions: [HeadQuestion]
    /// One text for all files that say the same of documents and items.
    package let meaning: String
    /// What stands at the head of the documents.
    package internal(set) var head: [String: String] = [:]

    /// What a document's head wants to know from the profile.
    struct HeadQuestion: Sendable {
        var key: String
        var kind: Kind
        var isRequired: Bool
        /// Where the profile does not say; nil: the channel's title.
        var otherwise: FeedText?

        enum Kind: String, CaseIterable, Sendable {
            case text, address, currency

            var shape: Shape<String> {
                switch self {
                case .text: .text
                case .address: .publicAddress
                case .currency: .currency
                }
            }

            /// Any that would do.
            var example: String {
                switch self {
                case .text: "Something"
                case .address: "https://example.com/"
                case .currency: "EUR"
                }
            }
        }
    }

    /// Categories of all items, as a table of their own.
    struct Categories: Sendable {
        /// The attribute that says `A > B > C`.
        var column: Int
    }

    /// Several documents, each with so many items, or bytes before it is packed, at most.
    struct Split: Sendable {
        var items: Int?
        var bytes: Int64?
        /// The root of a document that names the others.
        var index: Element?
    }

    init(
        name: String, title: String, mediaType: String, ending: String, source: String,
        attributes: FeedAttributes, document: FeedDocument, categories: Categories?,
        split: Split?,
        schema: String?, charset: Charset?, packing: Wrapping.Packing?, tests: [FormatTest],
        questions: [HeadQuestion],
        meaning: String
    ) {
        (self.name, self.title, self.mediaType, self.ending) = (name, title, mediaType, ending)
        (self.source, self.attributes, self.document) = (source, attributes, document)
        (self.categories, self.split, self.schema) = (categories, split, schema)
        (self.charset, self.packing) = (charset, packing)
        (self.tests, self.questions, self.meaning) = (tests, questions, meaning)
    }

    /// The same items in another document, called `name`.
    func document(
        _ document: FeedDocument, named name: String, schema: String?
    ) -> FeedFormat {
        FeedFormat(
            name: name, title: title, mediaType: mediaType, ending: ending, source: source,
            attributes: attributes, document: document, categories: categories, split: nil,
            schema: schema, charset: charset, packing: packing, tests: [], questions: questions,
            meaning: meaning)
    }

    func with(_ beside: [FeedFormat]) -> FeedFormat {
        var format = self
        format.beside = beside
        return format
    }

    /// With what a profile says below `feed` of its head; nil after a problem was reported.
    /// - Parameter channel: its title.
    package func answered(_ keys: Keys, title channel: String) -> FeedFormat? {
        var format = self
        var isWhole = true
        for question in questions {
            let shape = question.kind.shape
            let answer =
                question.isRequired
                ? keys.required(question.key, shape) : keys.optional(question.key, shape)
            isWhole = isWhole && (answer != nil || !question.isRequired)
            let text = answer ?? question.otherwise?.filled(by: format.head) ?? channel
            format.head[question.key] = fit(text, keys.place(question.key), keys.reader)
        }
        format.answer(format.head)
        return isWhole ? format : nil
    }

    /// Of what stands at the head, as of an item's texts.
    private func fit(_ text: String, _ place: Place, _ reader: Reader) -> String {
        guard let charset, let scalar = charset.unfit(in: text) else { return text }
        guard charset.unfit != .refuse else {
            reader.report(place, charset.message("'\(text)'", scalar), code: "encoding")
            return text
        }
        var (text, out) = (text, [UInt8]())
        text.withUTF8 { charset.fit($0, into: &out) }
        return String(decoding: out, as: UTF8.self)
    }

    /// As `answered`, where no profile is at hand.
    package mutating func answer(_ answers: [String: String]) {
        head.merge(answers) { $1 }
        attributes = attributes.answered(head)
        for index in beside.indices { beside[index].answer(answers) }
    }

    /// What the channel would refuse the item for; empty when it may go out. A value without a
    /// text counts as absent.
    package func check(_ item: FeedItem) -> [FeedFault] {
        var row = FeedRow(columns: attributes.names.count)
        var filling = RowFilling(self)
        return filling.fill(&row, with: item)
    }
}

extension FeedFormat {
    /// It is packed while it is written, and read again packed.
    var isPacked: Bool { packing == .gzip && !isWrapped }

    /// It is encoded or packed when it is whole.
    var isWrapped: Bool {
        guard charset == nil, packing != .zip else { return true }
        return packing == .gzip && isXML
    }

    private var isXML: Bool { if case .xml = document { true } else { false } }

    /// - Parameter file: what the channel calls the document.
    func wrapping(_ file: String) -> Wrapping {
        var name = file.hasSuffix(".zip") ? String(file.dropLast(".zip".count)) : file
        if !name.contains("."), let ending = ending.split(separator: ".").first {
            name += ".\(ending)"
        }
        return Wrapping(charset: charset, packing: packing, isXML: isXML, name: name)
    }

    /// Two editions of the same items differ by when they were made.
    var saysWhen: Bool {
        let elements = document.elements + document.heads + (split?.index.map { [$0] } ?? [])
        let references = elements.flatMap(\.texts).flatMap(\.references)
        return references.contains { $0.sources.contains(.now) }
            || beside.contains(where: \.saysWhen)
    }
}

extension FeedText {
    /// A text that speaks of the head only.
    func filled(by head: [String: String]) -> String {
        parts.map { part in
            switch part {
            case .literal(let text): text
            case .value(let reference):
                reference.sources.lazy.compactMap { source in
                    if case .head(let key) = source { head[key] } else { nil }
                }.first ?? ""
            }
        }.joined()
    }
}
