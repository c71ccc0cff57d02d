private import CZlib
private import Glibc
import Model
import XML

/// Reads a document again from the disk, by a parser that shares nothing with the writer, for the
/// items and the places that must not be wrong.
enum ReadBack {
    static func witness(
        _ descriptor: Int32, of format: FeedFormat, _ program: Program
    ) throws -> Witness {
        switch format.document {
        case .xml:
            var witness = Witness()
            let schema = format.schema.flatMap(FeedFormats.schema)
            let gleaning = try Gleaning(
                descriptor: descriptor, places: program.witnesses, items: program.items,
                schema: schema)
            while let find = try gleaning.next() {
                switch find {
                case .text(let place, var text): text.withUTF8 { witness.add(place, $0) }
                case .item: witness.end()
                }
            }
            return witness
        case .table(let table):
            var reader = try TableReadBack(
                table, LineSource(descriptor, isPacked: format.isPacked), program)
            return try reader.witness()
        case .lines:
            var source = LineSource(descriptor, isPacked: format.isPacked)
            return try LinesReadBack.witness(&source, program)
        }
    }
}

enum ReadBackFault: DocumentFault {
    case system(call: String, errno: Int32)
    /// The line counts from 1.
    case document(line: Int, String)

    var remedy: Remedy { if case .system = self { .fixHost } else { .retry(after: nil) } }

    var description: String {
        switch self {
        case .system(let call, let errno): "cannot \(call): \(String(cString: strerror(errno)))"
        case .document(let line, let message): "line \(line): \(message)"
        }
    }
}

/// Bytes of a file a piece at a time, unpacked where they were packed.
struct LineSource {
    private static let size = 256 << 10

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private(set) var line = 1
    private let unpacking: Unpacking?

    init(_ descriptor: Int32, isPacked: Bool) {
        self.descriptor = descriptor
        unpacking = isPacked ? Unpacking() : nil
    }

    func fault(_ message: String) -> ReadBackFault { .document(line: line, message) }

    /// What stands before the next `end`, and takes both; nil at the end of the file.
    /// - Parameter holds: false for an end that belongs to the text, as within quotation marks.
    mutating func next(
        before end: [UInt8], where holds: (ArraySlice<UInt8>) -> Bool
    ) throws(ReadBackFault) -> ArraySlice<UInt8>? {
        var searched = start
        while true {
            while let found = find(end, from: searched) {
                let text = buffer[start..<found]
                searched = found + end.count
                guard holds(text) else { continue }
                start = searched
                line += 1
                return text
            }
            // An end may stand across two pieces.
            let behind = max(searched, buffer.count - end.count + 1) - start
            guard try fill() else {
                guard start < buffer.count else { return nil }
                throw fault("the end of the line is missing")
            }
            searched = start + behind
        }
    }

    private func find(_ end: [UInt8], from: Int) -> Int? {
        var index = from
        while let found = buffer[index...].firstIndex(of: end[0]) {
            if buffer.count - found >= end.count,
                buffer[found..<(found + end.count)].elementsEqual(end)
            {
                return found
            }
            index = found + 1
        }
        return nil
    }

    /// - Returns: false at the end of the file.
    private mutating func fill() throws(ReadBackFault) -> Bool {
        buffer.removeFirst(start)
        start = 0
        let descriptor = descriptor
        var piece = [UInt8](repeating: 0, count: Self.size)
        var got = -1
        repeat {
            got = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        } while got < 0 && errno == EINTR
        guard got >= 0 else { throw .system(call: "read", errno: errno) }
        guard let unpacking else {
            buffer += piece[..<got]
            return got > 0
        }
        guard got > 0 else {
            guard unpacking.isAtEnd else { throw fault("what was packed is not whole") }
            return false
        }
        guard unpacking.unpack(piece[..<got], into: &buffer) else {
            throw fault("what was packed is damaged")
        }
        return true
    }
}

/// A class because zlib keeps a pointer into it.
final class Unpacking {
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private(set) var isAtEnd = false

    init(isBare: Bool = false) { _ = sluice_gunzip_begin(stream, isBare ? 1 : 0) }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func unpack(_ packed: ArraySlice<UInt8>, into out: inout [UInt8]) -> Bool {
        var input = Array(packed)
        var piece = [UInt8](repeating: 0, count: 256 << 10)
        return input.withUnsafeMutableBufferPointer { input in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = UInt32(input.count)
            repeat {
                let result = piece.withUnsafeMutableBufferPointer { piece in
                    stream.pointee.next_out = piece.baseAddress
                    stream.pointee.avail_out = UInt32(piece.count)
                    return inflate(stream, Z_NO_FLUSH)
                }
                guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else {
                    return false
                }
                out += piece[..<(piece.count - Int(stream.pointee.avail_out))]
                isAtEnd = result == Z_STREAM_END
            } while !isAtEnd && (stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0)
            return true
        }
    }
}
