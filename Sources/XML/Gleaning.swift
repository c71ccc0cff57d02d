import CXML2
private import Glibc

/// Reads a whole document for the texts that stand at a few places: the rest is parsed, held to a
/// schema where there is one, and passed over.
/// Stays where it was made: libxml2 holds on to what it is told.
package final class Gleaning {
    package enum Find: Sendable, Hashable {
        /// Which of the places, and what stands there.
        case text(Int, String)
        /// An element that is an item has ended.
        case item
    }

    /// As libxml2 keeps each once for a document, so that addresses can be compared. Not of both
    /// together: it finds those under another hash.
    private struct Name: Equatable {
        var prefix: UnsafePointer<UInt8>?
        var local: UnsafePointer<UInt8>?
    }

    /// Elements on the way to a place, and what is wanted there.
    private struct Step {
        var below: [(name: Name, step: Int)] = []
        var place: Int?
        var attributes: [(name: String, place: Int)] = []
        var isItem = false
    }

    private let reader: OpaquePointer
    private let trouble: Trouble
    private var schema: SchemaPointer?
    private var steps = [Step()]
    /// Of the open elements that lead somewhere.
    private var open = [0]
    /// Elements that lead nowhere, open inside.
    private var beside = 0
    private var texts: [String] = [""]
    private var found: [Find] = []

    /// - Parameters:
    ///   - descriptor: stands at the first byte, and stays open and untouched until this is gone.
    ///   - places: names from the root on, as they are written, with `/` between; `@name` for an
    ///     attribute.
    ///   - items: the same, of the elements that are counted.
    ///   - schema: W3C XML Schema.
    package init(
        descriptor: Int32, places: [String], items: [String], schema text: [UInt8]?
    ) throws(XMLFault) {
        _ = Library.ready
        let options = Int32(bitPattern: XML_PARSE_NONET.rawValue)
        guard let reader = xmlReaderForFd(descriptor, nil, nil, options) else {
            throw .library("xmlReaderForFd")
        }
        self.reader = reader
        trouble = Trouble()
        xmlTextReaderSetStructuredErrorHandler(
            reader, Trouble.take, Unmanaged.passUnretained(trouble).toOpaque())
        for (number, place) in places.enumerated() { lead(to: place) { $0.place = number } }
        for item in items { lead(to: item) { $0.isItem = true } }
        guard let text else { return }
        let schema = try SchemaPointer(text)
        guard xmlTextReaderSetSchema(reader, schema.pointer) == 0 else {
            throw .library("xmlTextReaderSetSchema")
        }
        self.schema = schema
    }

    deinit {
        xmlFreeTextReader(reader)
        withExtendedLifetime(schema) {}
    }

    private func lead(to place: String, _ mark: (inout Step) -> Void) {
        var step = 0
        let whole = place.split(separator: "@", maxSplits: 1)
        for name in whole[0].split(separator: "/") {
            let parts = name.split(separator: ":").map(String.init)
            let name = Name(
                prefix: parts.count > 1 ? xmlTextReaderConstString(reader, parts[0]) : nil,
                local: xmlTextReaderConstString(reader, parts[parts.count - 1]))
            if let next = steps[step].below.first(where: { $0.name == name }) {
                step = next.step
            } else {
                steps[step].below.append((name, steps.count))
                step = steps.count
                steps.append(Step())
            }
        }
        guard whole.count > 1 else { return mark(&steps[step]) }
        var attribute = Step()
        mark(&attribute)
        if let number = attribute.place {
            steps[step].attributes.append((String(whole[1]), number))
        }
    }

    /// The next find, in the order of the document; nil at the end of a whole one.
    package func next() throws(XMLFault) -> Find? {
        while true {
            if !found.isEmpty { return found.removeFirst() }
            let result = xmlTextReaderRead(reader)
            if let fault = trouble.fault { throw fault }
            guard result >= 0 else { throw .library("xmlTextReaderRead") }
            guard result > 0 else {
                if schema != nil, xmlTextReaderIsValid(reader) != 1 {
                    throw .document(line: 1, "it does not keep its schema")
                }
                return nil
            }
            try piece()
        }
    }

    private func piece() throws(XMLFault) {
        switch xmlReaderTypes(UInt32(bitPattern: xmlTextReaderNodeType(reader))) {
        case XML_READER_TYPE_ELEMENT:
            start()
            if xmlTextReaderIsEmptyElement(reader) == 1 { end() }
        case XML_READER_TYPE_END_ELEMENT: end()
        case XML_READER_TYPE_TEXT, XML_READER_TYPE_CDATA, XML_READER_TYPE_SIGNIFICANT_WHITESPACE,
            XML_READER_TYPE_WHITESPACE:
            guard beside == 0, steps[open[open.count - 1]].place != nil,
                let text = xmlTextReaderConstValue(reader)
            else { return }
            texts[texts.count - 1] += String(cString: text)
        case XML_READER_TYPE_DOCUMENT_TYPE:
            throw .document(line: line, "a document type is refused")
        case XML_READER_TYPE_ENTITY_REFERENCE:
            throw .document(line: line, "an entity is refused")
        default: break
        }
    }

    private var line: Int { Int(xmlTextReaderGetParserLineNumber(reader)) }

    private func start() {
        let name = Name(
            prefix: xmlTextReaderConstPrefix(reader), local: xmlTextReaderConstLocalName(reader))
        guard beside == 0,
            let next = steps[open[open.count - 1]].below.first(where: { $0.name == name })
        else {
            beside += 1
            return
        }
        open.append(next.step)
        texts.append("")
        for (name, place) in steps[next.step].attributes {
            guard let value = xmlTextReaderGetAttribute(reader, name) else { continue }
            found.append(.text(place, String(cString: value)))
            free(value)
        }
    }

    private func end() {
        guard beside == 0 else {
            beside -= 1
            return
        }
        let step = steps[open.removeLast()]
        let text = texts.removeLast()
        if let place = step.place, !text.isEmpty { found.append(.text(place, text)) }
        if step.isItem { found.append(.item) }
    }
}

/// A schema that was read; freed with the last who holds it.
private final class SchemaPointer {
    let pointer: xmlSchemaPtr

    init(_ text: [UInt8]) throws(XMLFault) {
        let parsed = text.withUnsafeBytes { bytes -> xmlSchemaPtr? in
            let start = bytes.bindMemory(to: CChar.self).baseAddress
            guard let context = xmlSchemaNewMemParserCtxt(start, Int32(bytes.count)) else {
                return nil
            }
            defer { xmlSchemaFreeParserCtxt(context) }
            return xmlSchemaParse(context)
        }
        guard let parsed else { throw .library("xmlSchemaParse") }
        pointer = parsed
    }

    deinit { xmlSchemaFree(pointer) }
}
