internal import Host
private import Model

/// A text file as UTF-8 bytes, whatever it was written in: as its first bytes say, else as declared.
final class TextSource {
    /// Bytes of the file that are read at a time.
    static let piece = 512 << 10

    private let file: OpenFile
    private let converter: TextConverter?
    private var first: [UInt8]
    /// All of it was handed out.
    private(set) var isEnd = false
    /// Why it can be no text; nil when nothing speaks against it.
    let fault: String?

    /// - Parameter file: stands at its beginning.
    init(_ file: consuming OpenFile, _ declared: TextEncoding?) throws(HostError) {
        var bytes = Array(try file.read(limit: Self.piece))
        self.file = file
        let (found, mark) = Self.mark(of: bytes)
        bytes.removeFirst(mark)
        let encoding = found ?? declared ?? .utf8
        converter = encoding == .utf8 ? nil : TextConverter(encoding)
        fault =
            Self.otherKind(bytes)
            ?? (encoding != .utf8 && converter == nil
                ? "this machine has no table for '\(encoding.rawValue)'; save it as 'CSV UTF-8'"
                : nil)
        first = bytes
    }

    /// Appends the next piece; nothing at the end.
    func read(into text: inout [UInt8]) throws(HostError) {
        guard !isEnd else { return }
        var piece = first
        first = []
        if piece.isEmpty { piece = Array(try file.read(limit: Self.piece)) }
        isEnd = piece.isEmpty
        guard let converter else {
            text += piece
            return
        }
        converter.convert(piece, isLast: isEnd, into: &text)
    }

    /// What the first bytes say, and how many of them say only that.
    private static func mark(of bytes: [UInt8]) -> (TextEncoding?, Int) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LE, 2) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BE, 2) }
        // Without a mark: a table begins with a letter or a bracket, of which one byte is zero.
        guard bytes.count > 3, bytes[0] == 0 || bytes[1] == 0 else { return (nil, 0) }
        return (bytes[0] == 0 ? .utf16BE : .utf16LE, 0)
    }

    private static func otherKind(_ bytes: [UInt8]) -> String? {
        if bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) {
            return "it is a workbook or an archive, no text; export it as 'CSV UTF-8'"
        }
        if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            return "it is an old Excel workbook, no text; export it as 'CSV UTF-8'"
        }
        if bytes.starts(with: [0x1F, 0x8B]) {
            return "it is compressed; unpack it before it is put here"
        }
        return nil
    }
}
