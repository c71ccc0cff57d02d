internal import Model

/// One JSON value a line. A line that is none costs itself alone.
final class JSONLines {
    private let source: TextSource
    private let path: String
    private var bytes: [UInt8] = []
    private var at = 0
    private var number = 0

    init(_ source: TextSource, _ path: String) {
        (self.source, self.path) = (source, path)
    }

    /// The next line that is not blank.
    /// - Throws: where the last line is cut off.
    func next() throws(Problem) -> (number: Int, value: Result<JSONValue, Problem>)? {
        while let (line, isWhole) = try line() {
            number += 1
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            do throws(Problem) {
                return (number, .success(try value(line)))
            } catch {
                guard isWhole else {
                    throw Problem(
                        error.place, "the last line ends in its middle: the file is cut off",
                        code: "cut-off")
                }
                return (number, .failure(error))
            }
        }
        return nil
    }

    private func value(_ line: [UInt8]) throws(Problem) -> JSONValue {
        var reader = JSONReader(line, line: number, path)
        let value = try reader.value()
        guard try reader.next() == nil else {
            throw reader.fault(
                "something follows the end of the item; each needs a line of its own")
        }
        return value
    }

    /// - Returns: also whether its end was seen; nil at the end.
    private func line() throws(Problem) -> ([UInt8], Bool)? {
        var from = at
        while true {
            if let end = bytes[from...].firstIndex(of: 0x0A) {
                defer { at = end + 1 }
                return (Array(bytes[at..<end]), true)
            }
            guard !source.isEnd else {
                defer { at = bytes.count }
                return at < bytes.count ? (Array(bytes[at...]), false) : nil
            }
            bytes.removeSubrange(..<at)
            at = 0
            from = bytes.count
            guard bytes.count <= 2 * JSONReader.longest else {
                throw Problem(
                    Place(file: path, line: number + 1, column: 1),
                    "the line is longer than \(JSONReader.longest >> 10) KiB; is this JSON lines?",
                    code: "json")
            }
            do { try source.read(into: &bytes) } catch {
                throw Problem(
                    Place(file: path, line: number, column: 1), "\(error)", code: "unreadable")
            }
        }
    }
}
