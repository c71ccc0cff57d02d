private import CXML2
private import Glibc

/// Writes one document to a descriptor that stays its owner's. Each element is on a line of its
/// own, and the bytes depend on the calls alone. Every call reports the first failure, whatever
/// came after it; a document is good only once `finish` has returned.
package struct Writer: ~Copyable {
    private let writer: OpaquePointer
    private let sink: Sink

    /// Characters that could not stand in a document and were left out of texts so far.
    package private(set) var dropped = 0

    /// - Parameter descriptor: open for writing until this value is gone.
    package init(descriptor: Int32) throws(XMLFault) {
        let sink = Sink(descriptor)
        writer = try Self.open(sink)
        self.sink = sink
    }

    private static func open(_ sink: Sink) throws(XMLFault) -> OpaquePointer {
        _ = Library.ready
        let context = Unmanaged.passUnretained(sink).toOpaque()
        guard let buffer = xmlOutputBufferCreateIO(Sink.write, nil, context, nil) else {
            throw .library("xmlOutputBufferCreateIO")
        }
        guard let writer = xmlNewTextWriter(buffer) else {
            xmlOutputBufferClose(buffer)
            throw .library("xmlNewTextWriter")
        }
        guard xmlTextWriterSetIndent(writer, 1) >= 0,
            xmlTextWriterSetIndentString(writer, " ") >= 0,
            xmlTextWriterStartDocument(writer, nil, "UTF-8", nil) >= 0
        else {
            xmlFreeTextWriter(writer)
            throw .library("xmlTextWriterStartDocument")
        }
        return writer
    }

    deinit {
        // Nobody asked for the rest: freeing the writer must not push it out.
        sink.close()
        xmlFreeTextWriter(writer)
    }

    /// - Parameter name: as it is to stand there, prefix included; ours, never from outside.
    package func start(_ name: String) throws(XMLFault) {
        try check(xmlTextWriterStartElement(writer, name), "xmlTextWriterStartElement")
    }

    /// For the element just started.
    package mutating func attribute(_ name: String, _ value: String) throws(XMLFault) {
        let clean = clean(value)
        try check(
            xmlTextWriterWriteAttribute(writer, name, clean), "xmlTextWriterWriteAttribute")
    }

    package mutating func text(_ text: String) throws(XMLFault) {
        let clean = clean(text)
        try check(xmlTextWriterWriteString(writer, clean), "xmlTextWriterWriteString")
    }

    package func end() throws(XMLFault) {
        try check(xmlTextWriterEndElement(writer), "xmlTextWriterEndElement")
    }

    /// An element that holds nothing but text.
    package mutating func element(_ name: String, _ text: String) throws(XMLFault) {
        try start(name)
        try self.text(text)
        try end()
    }

    /// Ends open elements and hands the last byte to the system; durability is the owner's.
    /// - Returns: characters that were dropped in the whole document.
    package consuming func finish() throws(XMLFault) -> Int {
        try check(xmlTextWriterEndDocument(writer), "xmlTextWriterEndDocument")
        try check(xmlTextWriterFlush(writer), "xmlTextWriterFlush")
        return dropped
    }

    private mutating func clean(_ text: String) -> String {
        let clean = CleanText(text)
        dropped += clean.dropped
        return clean.text
    }

    /// libxml2 buffers, so a full disk shows calls later than the one that met it; the sink
    /// remembers, and knows the cause.
    private func check(_ result: Int32, _ call: String) throws(XMLFault) {
        if let errno = sink.failure { throw .system(call: "write", errno: errno) }
        guard result >= 0 else { throw .library(call) }
    }
}

/// Where libxml2's bytes go. A class because libxml2 keeps a pointer to it; it is reached by the
/// writer alone.
private final class Sink {
    private var descriptor: Int32?
    private(set) var failure: Int32?

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// From here on bytes are taken and forgotten.
    func close() { descriptor = nil }

    static let write: xmlOutputWriteCallback = { context, bytes, count in
        guard let context, let bytes, count > 0 else { return 0 }
        let sink = Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
        sink.put(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
        // Told of a failure, libxml2 would print it on standard error.
        return count
    }

    private func put(_ bytes: UnsafeRawBufferPointer) {
        guard let descriptor, failure == nil else { return }
        var rest = bytes
        while !rest.isEmpty {
            let put = Glibc.write(descriptor, rest.baseAddress!, rest.count)
            if put < 0 && errno == EINTR { continue }
            guard put > 0 else {
                failure = put < 0 ? errno : EIO
                return
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[put...])
        }
    }
}
