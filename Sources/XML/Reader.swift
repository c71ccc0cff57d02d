import CXML2
private import Glibc

/// Reads one document piece by piece. Comments, processing instructions and white space between
/// elements are passed over; a text may come in several pieces.
package struct Reader: ~Copyable {
    package enum Piece: Sendable, Hashable {
        case start(Name)
        case text(String)
        case end(Name)
    }

    package struct Name: Sendable, Hashable {
        package var local: String
        /// The namespace's URI, not its prefix; empty for none.
        package var namespace: String

        package init(_ local: String, namespace: String = "") {
            self.local = local
            self.namespace = namespace
        }
    }

    private let reader: OpaquePointer
    private let trouble: Trouble
    private let input: BoundedInput?
    /// What libxml2 reads from, where it is no file.
    private let bytes: UnsafeMutableBufferPointer<CChar>?
    /// The end of an element that was written `<like-this/>`: libxml2 reports none.
    private var pending: Piece?

    /// - Parameter descriptor: stands at the document's first byte, and stays open and untouched
    ///   until this value is gone. It stays its owner's.
    package init(descriptor: Int32) throws(XMLFault) {
        _ = Library.ready
        let input = BoundedInput(descriptor)
        let reader = xmlReaderForIO(
            { context, buffer, length in
                guard let context, let buffer else { return -1 }
                return Unmanaged<BoundedInput>.fromOpaque(context).takeUnretainedValue()
                    .read(into: buffer, length)
            }, nil, Unmanaged.passUnretained(input).toOpaque(), nil, nil, Self.options)
        guard let reader else { throw .library("xmlReaderForIO") }
        self.init(reader, input, nil)
    }

    /// A document that is in memory already, as an answer is; it is copied.
    package init(_ document: some Collection<UInt8>) throws(XMLFault) {
        _ = Library.ready
        let bytes = UnsafeMutableBufferPointer<CChar>.allocate(capacity: document.count)
        _ = bytes.initialize(from: document.lazy.map { CChar(bitPattern: $0) })
        var bound = TagBound()
        do throws(XMLFault) {
            try bytes.withMemoryRebound(to: UInt8.self) { bytes throws(XMLFault) in
                try bound.take(UnsafeBufferPointer(bytes))
            }
        } catch {
            bytes.deallocate()
            throw error
        }
        guard let count = Int32(exactly: bytes.count),
            let reader = xmlReaderForMemory(bytes.baseAddress, count, nil, nil, Self.options)
        else {
            bytes.deallocate()
            throw .library("xmlReaderForMemory")
        }
        self.init(reader, nil, bytes)
    }

    private init(
        _ reader: OpaquePointer, _ input: BoundedInput?,
        _ bytes: UnsafeMutableBufferPointer<CChar>?
    ) {
        (self.reader, self.input, self.bytes) = (reader, input, bytes)
        self.trouble = Trouble()
        xmlTextReaderSetStructuredErrorHandler(
            reader, Trouble.take, Unmanaged.passUnretained(trouble).toOpaque())
    }

    deinit {
        xmlFreeTextReader(reader)
        bytes?.deallocate()
    }

    /// No network; entities and document types are not asked for, and no limit is lifted.
    private static let options = Int32(bitPattern: XML_PARSE_NONET.rawValue)

    /// The next piece; nil at the end of a whole, well-formed document.
    package mutating func next() throws(XMLFault) -> Piece? {
        if let piece = pending {
            pending = nil
            return piece
        }
        while true {
            let result = xmlTextReaderRead(reader)
            if let fault = input?.fault { throw fault.at(line) }
            // An error may come along with a node: a namespace without a name, a bad character.
            if let fault = trouble.fault { throw fault }
            guard result >= 0 else { throw .library("xmlTextReaderRead") }
            guard result > 0 else { return nil }
            if let piece = try piece() { return piece }
        }
    }

    /// Line of the piece last returned, from 1.
    package var line: Int { Int(xmlTextReaderGetParserLineNumber(reader)) }

    /// The prefix of the element whose start was returned last, as it is written.
    package var prefix: String { Self.string(xmlTextReaderConstPrefix(reader)) }

    /// The attributes of the element whose start was returned last, by their names as written.
    package func attributes() -> [(name: String, value: String)] {
        var attributes: [(name: String, value: String)] = []
        while xmlTextReaderMoveToNextAttribute(reader) == 1 {
            attributes.append(
                (
                    Self.string(xmlTextReaderConstName(reader)),
                    Self.string(xmlTextReaderConstValue(reader))
                ))
        }
        xmlTextReaderMoveToElement(reader)
        return attributes
    }

    private mutating func piece() throws(XMLFault) -> Piece? {
        let type = xmlReaderTypes(UInt32(bitPattern: xmlTextReaderNodeType(reader)))
        switch type {
        case XML_READER_TYPE_ELEMENT:
            if xmlTextReaderIsEmptyElement(reader) == 1 { pending = .end(name) }
            return .start(name)
        case XML_READER_TYPE_END_ELEMENT: return .end(name)
        case XML_READER_TYPE_TEXT, XML_READER_TYPE_CDATA:
            return .text(Self.string(xmlTextReaderConstValue(reader)))
        case XML_READER_TYPE_DOCUMENT_TYPE:
            throw .document(line: line, "a document type is refused")
        case XML_READER_TYPE_ENTITY_REFERENCE:
            throw .document(line: line, "an entity is refused")
        default: return nil
        }
    }

    private var name: Name {
        Name(
            Self.string(xmlTextReaderConstLocalName(reader)),
            namespace: Self.string(xmlTextReaderConstNamespaceUri(reader)))
    }

    private static func string(_ text: UnsafePointer<UInt8>?) -> String {
        text.map { String(cString: $0) } ?? ""
    }
}

/// The first error libxml2 reports. A class because libxml2 keeps a pointer to it; it is reached by
/// the reader alone.
final class Trouble {
    private(set) var fault: XMLFault?

    static let take: xmlStructuredErrorFunc = { context, error in
        guard let context, let error else { return }
        Unmanaged<Trouble>.fromOpaque(context).takeUnretainedValue().note(error.pointee)
    }

    private func note(_ error: xmlError) {
        guard fault == nil, error.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
        let message = error.message.map { String(cString: $0) } ?? "not well-formed"
        let line = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? message
        fault = .document(line: Int(error.line), line)
    }
}
