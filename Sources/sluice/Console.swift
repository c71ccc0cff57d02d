internal import Foundation

/// The terminal, or whatever stands in for it.
enum Console {
    /// Standard output is a terminal.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    static var usesColour: Bool {
        let environment = ProcessInfo.processInfo.environment
        return isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
            && environment["TERM"] != "dumb"
    }

    /// Somebody sits there who can answer.
    static var mayAsk: Bool { isTerminal && isatty(STDIN_FILENO) == 1 }

    /// - Returns: only a plain yes is one.
    static func ask(_ question: String) -> Bool {
        write(Data("\(question) [y/N] ".utf8))
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }

    /// Columns of the terminal; nil when there is none.
    static var width: Int? {
        var size = winsize()
        guard isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0
        else { return nil }
        return Int(size.ws_col)
    }

    /// False when nobody reads any more (`sluice watch | head`).
    @discardableResult
    static func show(_ lines: [String]) -> Bool {
        write(Data(lines.map { $0 + "\n" }.joined().utf8))
    }

    @discardableResult
    static func write(_ data: Data) -> Bool {
        data.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Glibc.write(
                    STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return false }
                rest = rest.dropFirst(written)
            }
            return true
        }
    }

    /// A program's answer, as all commands give it.
    static func write(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        write(try encoder.encode(value) + Data("\n".utf8))
    }

    /// How far it is, where somebody watches; gone when all is done.
    static func progress(_ done: Int, of all: Int) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        let line = "\r\(Words.bar(done, of: all, columns: 30)) \(done) of \(all)"
        FileHandle.standardError.write(Data((done >= all ? "\r\u{1B}[K" : line).utf8))
    }

    /// Redraws one line in place; an empty text takes it away.
    static func redraw(_ line: String) { write(Data("\r\u{1B}[K\(line)".utf8)) }

    static func complain(_ failure: Failure) {
        FileHandle.standardError.write(Data("\(failure.isBare ? "" : "sluice: ")\(failure)\n".utf8))
    }
}
