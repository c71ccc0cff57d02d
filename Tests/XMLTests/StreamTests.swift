import Foundation
import Testing
import XML

/// What is written is read back by the module's own reader: libxml2 in its strict setting.
struct StreamTests {
    @Test func aDocumentReadsAsItWasWritten() throws {
        try withTemporaryFile { file in
            var writer = try Writer(descriptor: file)
            try writer.start("rss")
            try writer.attribute("version", "2.0")
            try writer.attribute("xmlns:g", "http://base.google.com/ns/1.0")
            try writer.element("g:id", "A<1> & \"B\"")
            try writer.element("title", "")
            try writer.end()
            #expect(try writer.finish() == 0)
            #expect(
                try contents(file) == """
                    <?xml version="1.0" encoding="UTF-8"?>
                    <rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">
                     <g:id>A&lt;1&gt; &amp; &quot;B&quot;</g:id>
                     <title></title>
                    </rss>

                    """)
            let id = Reader.Name("id", namespace: "http://base.google.com/ns/1.0")
            #expect(
                try pieces(file) == [
                    .start(.init("rss")), .start(id), .text("A<1> & \"B\""), .end(id),
                    .start(.init("title")), .end(.init("title")), .end(.init("rss")),
                ])
        }
    }

    @Test func aDocumentInMemoryIsReadAsOneInAFile() throws {
        var reader = try Reader(Array("<a>\u{1F45F}<b/></a>".utf8)[...])
        var pieces: [Reader.Piece] = []
        while let piece = try reader.next() { pieces.append(piece) }
        #expect(
            pieces == [
                .start(.init("a")), .text("\u{1F45F}"), .start(.init("b")), .end(.init("b")),
                .end(.init("a")),
            ])
        for broken in ["", "<a>", "<a/><b/>", "<!DOCTYPE a><a/>", "text"] {
            #expect(throws: XMLFault.self) {
                var reader = try Reader(Array(broken.utf8))
                while try reader.next() != nil {}
            }
        }
    }

    /// libxml2 walks past all the others for each of them: half a million take minutes.
    @Test func anElementHasAThousandAttributesAtMost() throws {
        func attributes(_ count: Int) -> String {
            (0..<count).map { " a\($0)='x>=\"y'" }.joined()
        }
        func read(_ text: String, _ encoding: String.Encoding = .utf8) throws {
            try withTemporaryFile { file in
                let bytes = try #require(text.data(using: encoding))
                _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                lseek(file, 0, SEEK_SET)
                var reader = try Reader(descriptor: file)
                while try reader.next() != nil {}
            }
        }
        let many = attributes(2000)
        try read("<a\(attributes(1000))>\n<b\(attributes(1000))/></a>")
        try read("<a><!--<b\(many)--><?b\(many)?><![CDATA[<b\(many)>]]></a>")
        for encoding in [String.Encoding.utf8, .utf16] {
            let fault = #expect(throws: XMLFault.self) {
                try read("<a>\n<b\(attributes(500_000))/></a>", encoding)
            }
            #expect(fault?.description.contains("more than 1000 attributes") == true)
        }
        #expect(throws: XMLFault.self) { try Reader(Array("<a\(many)/>".utf8)) }
        // What could hide them from the count, as libxml2 reads it.
        for hidden in ["<!--->", "<!--><x \"-->", "<!---><x \"-->"] {
            #expect(throws: XMLFault.self) { try read("<a>\(hidden)<b\(many)/></a>") }
        }
        #expect(throws: XMLFault.self) { try read("<a>\u{43C}\u{427}<b\(many)/></a>", .utf16) }
        try read("<a>\u{43C}\u{427}<b\(attributes(1000))/></a>", .utf16)
    }

    @Test(arguments: ["UTF-7", "ISO-2022-JP", "IBM037", "UTF-16LE", "HZ"])
    func anEncodingInWhichNothingCanBeCountedIsRefused(name: String) {
        for blanks in [1, 2000] {
            let blank = String(repeating: " ", count: blanks)
            let text = "<?xml version='1.0'\(blank)encoding = \"\(name)\"?><a/>"
            #expect(throws: XMLFault.self) { _ = try Reader(Array(text.utf8)) }
        }
    }

    @Test(arguments: ["UTF-8", "iso-8859-1", "Windows-1252", "GB18030", "Shift_JIS"])
    func otherEncodingsAreRead(name: String) throws {
        var reader = try Reader(
            Array("<?xml version='1.0' encoding='\(name)'?><?xml-stylesheet a='b'?><a>x</a>".utf8))
        var pieces: [Reader.Piece] = []
        while let piece = try reader.next() { pieces.append(piece) }
        #expect(pieces.contains(.text("x")))
    }

    @Test(arguments: [
        "a]]>b", "<![CDATA[x", "&amp; &#0; &lol;", "line\r\nline\rline\n\ttab",
        "\u{1F45F}\u{200D}\u{1F525} emoji", "\u{202E}right to left\u{202C} עברית", "-->", "</item>",
        String(repeating: "ä<", count: 500_000),
    ])
    func hostileTextSurvives(text: String) throws {
        try withTemporaryFile { file in
            var writer = try Writer(descriptor: file)
            try writer.start("a")
            try writer.attribute("b", text)
            try writer.text(text)
            #expect(try writer.finish() == 0)
            #expect(try pieces(file).texts == text)
        }
    }

    @Test func charactersThatCannotStandAreDroppedAndCounted() throws {
        let bad = "\u{0}\u{1}\u{8}\u{B}\u{1F}\u{FFFE}\u{FFFF}"
        let good = "\u{7F}\u{85}\u{E000}\u{FFFD}\u{1FFFE}\u{10FFFF}"
        try withTemporaryFile { file in
            var writer = try Writer(descriptor: file)
            try writer.start("a")
            try writer.attribute("b", "x" + bad)
            try writer.text("x" + bad + good + "y")
            #expect(try writer.finish() == 2 * bad.unicodeScalars.count)
            #expect(try pieces(file).texts == "x" + good + "y")
        }
    }

    @Test func swiftStringsHoldNoLoneSurrogates() {
        let surrogate = String(decoding: [0x41, 0xD800, 0x42] as [UInt16], as: UTF16.self)
        let bytes = String(decoding: [0x41, 0xED, 0xA0, 0x80, 0xC0, 0x42], as: UTF8.self)
        #expect(CleanText(surrogate).text == "A\u{FFFD}B")
        #expect(bytes.unicodeScalars.allSatisfy(CleanText.isAllowed))
    }

    @Test func aFullDiskIsReported() throws {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        #expect(throws: XMLFault.system(call: "write", errno: ENOSPC)) {
            var writer = try Writer(descriptor: full)
            try writer.start("a")
            try writer.text("short enough to sit in a buffer until the end")
            _ = try writer.finish()
        }
        #expect(throws: XMLFault.system(call: "write", errno: ENOSPC)) {
            var writer = try Writer(descriptor: full)
            for _ in 0..<10_000 { try writer.element("a", "long enough to overflow it") }
        }
    }

    @Test func anAbandonedWriterLeavesNoEnding() throws {
        try withTemporaryFile { file in
            do {
                let writer = try Writer(descriptor: file)
                try writer.start("a")
            }
            #expect(try contents(file).contains("</a>") == false)
        }
    }

    @Test func elementsOutOfOrderAreAnError() throws {
        try withTemporaryFile { file in
            let writer = try Writer(descriptor: file)
            try writer.start("a")
            try writer.end()
            #expect(throws: XMLFault.self) { try writer.end() }
        }
    }
}

struct ReaderTests {
    @Test(arguments: [
        ("", 1), ("<a>", 1), ("<a>\n<b></a>", 2), ("<a>\u{1}</a>", 1), ("<a>&lol;</a>", 1),
        ("<a></a><b/>", 1), ("<g:a/>", 1), ("not xml", 1), ("<a>\n\n<b x='1' x='2'/></a>", 3),
    ])
    func brokenDocumentsAreRefusedWithTheirLine(text: String, line: Int) throws {
        let fault = try #require(throws: XMLFault.self) { try read(text) }
        guard case .document(line, _) = fault else {
            Issue.record("\(fault)")
            return
        }
    }

    @Test func documentTypesAndEntitiesAreRefused() throws {
        let bomb = """
            <!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>
            <a>&y;</a>
            """
        #expect(throws: XMLFault.document(line: 2, "a document type is refused")) { try read(bomb) }
        let outside = "<!DOCTYPE a [<!ENTITY x SYSTEM \"/etc/hostname\">]><a>&x;</a>"
        #expect(throws: XMLFault.self) { try read(outside) }
    }

    @Test func invalidBytesAreRefused() throws {
        try withTemporaryFile { file in
            let bytes: [UInt8] = Array("<a>".utf8) + [0xFF, 0xFE, 0x80] + Array("</a>".utf8)
            #expect(write(file, bytes, bytes.count) == bytes.count)
            #expect(throws: XMLFault.self) { try pieces(file) }
        }
    }

    @Test func commentsAreSkippedAndCdataIsText() throws {
        #expect(
            try read("<?pi x?><!-- c --><a> <![CDATA[<b>]]>&lt;c&#62;</a>").texts == "<b><c>")
    }

    private func read(_ text: String) throws -> [Reader.Piece] {
        try withTemporaryFile { file in
            #expect(write(file, text, text.utf8.count) == text.utf8.count)
            return try pieces(file)
        }
    }
}

private func pieces(_ descriptor: Int32) throws -> [Reader.Piece] {
    lseek(descriptor, 0, SEEK_SET)
    var reader = try Reader(descriptor: descriptor)
    var pieces: [Reader.Piece] = []
    while let piece = try reader.next() { pieces.append(piece) }
    return pieces
}

extension [Reader.Piece] {
    /// All text put together.
    fileprivate var texts: String {
        reduce(into: "") { all, piece in
            if case .text(let text) = piece { all += text }
        }
    }
}
