import Model

/// A look over the tokens before anything is composed, because composing is where hostile input
/// hurts (nested anchors as keys hang it for seconds in under 400 bytes) and where the second
/// place of a duplicate key is lost. Follows libyaml's scanner closely enough to know where a node
/// starts; what is merely wrong is left for libyaml to say.
struct Scan {
    /// Too deep, or an anchor, an alias or a tag: not composed at all.
    private(set) var refused: Problem?
    private(set) var duplicates: [Problem] = []
    private(set) var traps: [Trap] = []
    /// By line: comments that may have swallowed a value.
    private(set) var comments: [Int: Comment] = [:]

    private struct Level {
        /// Column of the entries, where indentation opened the collection; nil in braces.
        var column: Int?
        /// False for `[…]`, whose `key: value` entries are mappings of their own.
        var hasKeys = true
        /// Raw key → offset of the first.
        var keys: [String: Int] = [:]
    }

    private let source: Source
    private var cursor = 0
    private var levels: [Level] = []
    private var flowDepth = 0
    private var nodes = 0
    /// Where the node began that a following `:` would make a key, and its raw text.
    private var candidate: (offset: Int, column: Int, text: String)?

    /// More of one kind is no help to anybody.
    private static let told = 1_000

    private var bytes: [UInt8] { source.bytes }

    init(_ source: Source) {
        self.source = source
        while refused == nil, skipToToken() {
            unrollIndent()
            token()
        }
    }

    // MARK: Tokens

    private mutating func token() {
        let start = cursor
        switch byte() {
        case UInt8(ascii: "["), UInt8(ascii: "{"): openFlow()
        case UInt8(ascii: "]"), UInt8(ascii: "}"): closeFlow()
        case UInt8(ascii: ","):
            countNode()
            indicator()
        case UInt8(ascii: "-") where isBlank(1) && flowDepth == 0,
            UInt8(ascii: "?") where isBlank(1) || flowDepth > 0:
            if flowDepth == 0 { roll(to: column(cursor)) }
            countNode()
            indicator()
        case UInt8(ascii: ":") where isBlank(1) || flowDepth > 0: colon()
        case UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"): refuseReference()
        case UInt8(ascii: "'"): singleQuoted()
        case UInt8(ascii: "\""): doubleQuoted()
        case UInt8(ascii: "|") where flowDepth == 0, UInt8(ascii: ">") where flowDepth == 0:
            blockScalar()
        default: plain()
        }
        if cursor == start { cursor += 1 }
    }

    private mutating func indicator() {
        cursor += 1
        candidate = nil
    }

    /// Of what a document may hold, before it is held. At least one for each node that will be
    /// composed, also for the empty ones that only a separator tells of.
    private mutating func countNode() {
        nodes += 1
        guard nodes > Document.nodeLimit, refused == nil else { return }
        refused = Source.tooMuch("values", at: source.place(offset: cursor)).all.first
    }

    private mutating func openFlow() {
        let mapping = byte() == UInt8(ascii: "{")
        if mapping { note(Trap.template(in: source, at: cursor)) }
        levels.append(Level(hasKeys: mapping))
        flowDepth += 1
        countNode()
        checkDepth()
        indicator()
    }

    private mutating func closeFlow() {
        if flowDepth > 0 {
            flowDepth -= 1
            levels.removeLast()
        }
        indicator()
    }

    private mutating func colon() {
        if flowDepth == 0 { roll(to: candidate?.column ?? column(cursor)) }
        // In braces the comma stands for what may be left out, elsewhere nothing does.
        if flowDepth == 0 || levels.last?.hasKeys == false { countNode() }
        if let candidate { record(key: candidate.text, at: candidate.offset) }
        indicator()
    }

    private mutating func refuseReference() {
        let what =
            switch byte() {
            case UInt8(ascii: "&"): "an anchor ('&')"
            case UInt8(ascii: "*"): "an alias ('*')"
            default: "a tag ('!')"
            }
        refused = Problem(
            source.place(offset: cursor),
            "\(what) is not allowed; a text that begins so must be quoted", code: "reference")
    }

    // MARK: Levels

    private mutating func roll(to column: Int) {
        if let current = levels.last?.column, current >= column { return }
        levels.append(Level(column: column))
        checkDepth()
    }

    private mutating func unrollIndent() {
        guard flowDepth == 0 else { return }
        let here = column(cursor)
        while let column = levels.last?.column, column > here { levels.removeLast() }
    }

    private mutating func checkDepth() {
        guard levels.count > Document.depthLimit, refused == nil else { return }
        refused = Problem(
            source.place(offset: cursor),
            "nested more than \(Document.depthLimit) levels deep", code: "too-deep")
    }

    private mutating func record(key: String, at offset: Int) {
        guard let last = levels.indices.last, levels[last].hasKeys else { return }
        guard let first = levels[last].keys[key] else {
            levels[last].keys[key] = offset
            return
        }
        guard duplicates.count < Self.told else { return }
        duplicates.append(
            Problem(
                source.place(offset: offset), "'\(key)' is there twice", code: "duplicate-key",
                notes: [Problem.Note(source.place(offset: first), "'\(key)' is here first")]))
    }

    // MARK: Scalars

    private mutating func begin() -> Int {
        candidate = nil
        countNode()
        return cursor
    }

    private mutating func end(_ start: Int, _ range: Range<Int>) {
        guard range.lowerBound <= range.upperBound else { return }
        candidate = (start, column(start), String(decoding: bytes[range], as: UTF8.self))
    }

    private mutating func singleQuoted() {
        let start = begin()
        cursor += 1
        while cursor < bytes.count {
            if byte() == UInt8(ascii: "'") {
                guard byte(1) == UInt8(ascii: "'") else { break }
                cursor += 1
            }
            cursor += 1
        }
        end(start, start + 1..<max(start + 1, min(cursor, bytes.count)))
        cursor = min(cursor + 1, bytes.count)
    }

    private mutating func doubleQuoted() {
        let start = begin()
        cursor += 1
        while cursor < bytes.count, byte() != UInt8(ascii: "\"") {
            cursor += byte() == UInt8(ascii: "\\") ? 2 : 1
        }
        end(start, start + 1..<max(start + 1, min(cursor, bytes.count)))
        cursor = min(cursor + 1, bytes.count)
    }

    /// Goes on over lines that are indented more than the collection it stands in.
    private mutating func plain() {
        let start = begin()
        let indent = blockColumn + 1
        var last = cursor
        repeat {
            while !isBlank(0), !endsPlain() { cursor += 1 }
            last = cursor
            let brokeLine = skipBlanks()
            if brokeLine, flowDepth == 0, column(cursor) < indent { break }
            if brokeLine, atDocumentMark() { break }
        } while cursor > last && cursor < bytes.count && byte() != UInt8(ascii: "#") && !endsPlain()
        end(start, start..<last)
    }

    private mutating func blockScalar() {
        _ = begin()
        let header = rest(of: cursor)
        let digit = header.dropFirst().prefix(2).first { (0x31...0x39).contains($0) }
        var indent = digit.map { max(blockColumn - 1, 0) + Int($0 - 0x30) } ?? 0
        cursor += header.count + 1
        while cursor < bytes.count {
            let text = rest(of: cursor)
            let spaces = text.prefix { $0 == UInt8(ascii: " ") }.count
            let isEmpty = text.dropFirst(spaces).allSatisfy { $0 == 0x0D }
            if indent == 0, !isEmpty { indent = max(spaces, blockColumn, 1) }
            if !isEmpty, spaces < indent { break }
            cursor += text.count + 1
        }
        cursor = min(cursor, bytes.count)
    }

    // MARK: Characters

    private func byte(_ ahead: Int = 0) -> UInt8 {
        cursor + ahead < bytes.count ? bytes[cursor + ahead] : 0
    }

    private func isBlank(_ ahead: Int) -> Bool {
        switch byte(ahead) {
        case 0, 0x20, 0x09, 0x0A, 0x0D: true
        default: false
        }
    }

    private func endsPlain() -> Bool {
        if byte() == UInt8(ascii: ":"), isBlank(1) { return true }
        return flowDepth > 0 && ",[]{}".utf8.contains(byte())
    }

    /// In bytes: only compared with each other, where indentation counts.
    private func column(_ offset: Int) -> Int { source.byteColumn(of: offset) }

    /// Column of the innermost block collection's entries; 0 outside any.
    private var blockColumn: Int {
        levels.last { $0.column != nil }?.column ?? 0
    }

    private func rest(of offset: Int) -> ArraySlice<UInt8> {
        bytes[offset...].prefix { $0 != UInt8(ascii: "\n") }
    }

    /// True when a line ended on the way.
    private mutating func skipBlanks() -> Bool {
        var brokeLine = false
        while cursor < bytes.count, isBlank(0) {
            brokeLine = brokeLine || byte() == UInt8(ascii: "\n")
            // In braces a tab is as good as a blank.
            if byte() == UInt8(ascii: "\t"), flowDepth == 0, column(cursor) == 1 {
                note(Trap.tab(at: source.place(offset: cursor)))
            }
            cursor += 1
        }
        return brokeLine
    }

    private func atDocumentMark() -> Bool {
        guard column(cursor) == 1, isBlank(3) else { return false }
        let mark = bytes[cursor...].prefix(3)
        return mark.elementsEqual("---".utf8) || mark.elementsEqual("...".utf8)
    }

    /// False at the end of the text.
    private mutating func skipToToken() -> Bool {
        while cursor < bytes.count {
            _ = skipBlanks()
            if cursor < bytes.count, atDocumentMark() {
                cursor += 3
            } else if byte() == UInt8(ascii: "#") {
                comment()
            } else {
                return cursor < bytes.count
            }
        }
        return false
    }

    // MARK: Traps

    private mutating func comment() {
        let text = rest(of: cursor)
        if Trap.mayBeValue(text), comments.count < 10 * Self.told {
            let place = source.place(offset: cursor)
            let text = String(decoding: text, as: UTF8.self)
            comments[place.line] = Comment(column: source.column(of: cursor), text: text)
            if flowDepth > 0 { note(Trap.color(text, at: place)) }
        }
        cursor += text.count
    }

    private mutating func note(_ trap: Trap?) {
        if let trap, traps.count < Self.told { traps.append(trap) }
    }
}
