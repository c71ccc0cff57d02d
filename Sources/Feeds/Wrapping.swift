private import CZlib
private import Foundation
private import Glibc
import Host
import Model

/// What is done to a document that was written and found whole: it is brought to the channel's encoding
/// and packed. That nothing was lost is proven by undoing it.
struct Wrapping {
    enum Packing: String, CaseIterable, Sendable { case gzip, zip }

    let charset: Charset?
    let packing: Packing?
    /// Begins with a line that names its encoding.
    let isXML: Bool
    /// What the document is called within an archive.
    let name: String

    private static let piece = 256 << 10
    private static let declaration = Array("encoding=\"UTF-8\"".utf8)

    /// - Parameters:
    ///   - plain: the document in UTF-8; stands at its first byte.
    ///   - wrapped: an empty file, open for reading too.
    func wrap(_ plain: Int32, to wrapped: Int32) throws {
        // An entry of a zip archive is what gzip packs, with another head and tail.
        if packing == .zip { lseek(wrapped, off_t(headLength - Self.gzipHead), SEEK_SET) }
        let output = try Output(wrapped, isPacked: packing != nil)
        var hash = SHA256()
        var rest: [UInt8] = []
        var isFirst = true
        while let read = try Self.read(plain) {
            var text = rest + read
            if isFirst { declare(in: &text) }
            isFirst = false
            let end = Self.wholeEnd(of: text)
            rest = Array(text[end...])
            hash.update(text[..<end])
            output.append(charset?.encode(text[..<end]) ?? Array(text[..<end]))
            try output.breathe()
        }
        try output.finish()
        if packing == .zip { try archive(wrapped, output.written) }
        guard try unwrapped(wrapped) == hash.finalize() else {
            throw ReadBackFault.document(
                line: 1, "what was packed and encoded does not come out as it went in")
        }
    }

    /// A document names its encoding in its first line.
    private func declare(in text: inout [UInt8]) {
        guard isXML, let charset, let place = text.firstRange(of: Self.declaration) else { return }
        text.replaceSubrange(place, with: Array("encoding=\"\(charset.encoding.rawValue)\"".utf8))
    }

    private static func read(_ descriptor: Int32) throws(ReadBackFault) -> [UInt8]? {
        var piece = [UInt8](repeating: 0, count: piece)
        var got = -1
        repeat {
            got = piece.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
        } while got < 0 && errno == EINTR
        guard got >= 0 else { throw .system(call: "read", errno: errno) }
        return got == 0 ? nil : Array(piece[..<got])
    }

    /// Before a character that is cut off.
    private static func wholeEnd(of text: [UInt8]) -> Int {
        guard let last = text.suffix(4).lastIndex(where: { $0 & 0xC0 != 0x80 }) else {
            return text.count
        }
        let length = text[last] < 0x80 ? 1 : text[last] < 0xE0 ? 2 : text[last] < 0xF0 ? 3 : 4
        return text.count - last < length ? last : text.count
    }

    // MARK: What was wrapped

    /// Of the text that is in it.
    private func unwrapped(_ wrapped: Int32) throws -> [UInt8] {
        let start = packing == .zip ? headLength : 0
        lseek(wrapped, off_t(start), SEEK_SET)
        let unpacking = packing.map { Unpacking(isBare: $0 == .zip) }
        let converter = charset.flatMap { TextConverter($0.encoding) }
        var hash = SHA256()
        while let read = try Self.read(wrapped), unpacking?.isAtEnd != true {
            var plain = read
            if let unpacking {
                plain = []
                guard unpacking.unpack(read[...], into: &plain) else {
                    throw ReadBackFault.document(line: 1, "what was packed is damaged")
                }
            }
            var text = plain
            if let converter {
                text = []
                converter.convert(plain, isLast: false, into: &text)
            }
            hash.update(text[...])
        }
        guard unpacking?.isAtEnd != false else {
            throw ReadBackFault.document(line: 1, "what was packed is not whole")
        }
        return hash.finalize()
    }

    // MARK: Zip

    /// Of gzip, before and after what is packed.
    private static let (gzipHead, gzipTail) = (10, 8)
    private var headLength: Int { 30 + name.utf8.count }

    /// Makes an archive of what gzip wrote: APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12 and 4.3.16.
    private func archive(_ file: Int32, _ length: Int64) throws {
        let end = lseek(file, 0, SEEK_END)
        let packed = Int64(end) - Int64(headLength + Self.gzipTail)
        guard length < 0xFFFF_FFFF, packed < 0xFFFF_FFFF else {
            throw ReadBackFault.document(
                line: 1, "an archive holds 4 GB at most; split the document ('split')")
        }
        var tail = [UInt8](repeating: 0, count: Self.gzipTail)
        guard pread(file, &tail, tail.count, end - off_t(tail.count)) == tail.count else {
            throw ReadBackFault.system(call: "read", errno: errno)
        }
        // CRC-32 and length, as zip writes them too.
        let facts = Array(tail[..<4]) + Self.bytes(UInt32(packed)) + Array(tail[4...])
        // Version 2.0, no flags but that the name is UTF-8, deflate, midnight of 1980-01-01.
        let common =
            Self.bytes(UInt16(20)) + Self.bytes(UInt16(1 << 11)) + Self.bytes(UInt16(8))
            + Self.bytes(UInt16(0)) + Self.bytes(UInt16(0x21)) + facts
            + Self.bytes(UInt16(name.utf8.count)) + Self.bytes(UInt16(0))
        try Self.put([0x50, 0x4B, 3, 4] + common + Array(name.utf8), file, at: 0)
        let directory: [UInt8] =
            [0x50, 0x4B, 1, 2] + Self.bytes(UInt16(20)) + common
            + [UInt8](repeating: 0, count: 14) + Array(name.utf8)
        let place = off_t(headLength) + off_t(packed)
        let closing: [UInt8] =
            [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + Self.bytes(UInt16(1)) + Self.bytes(UInt16(1))
            + Self.bytes(UInt32(directory.count)) + Self.bytes(UInt32(place)) + [0, 0]
        try Self.put(directory + closing, file, at: place)
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    private static func put(
        _ bytes: [UInt8], _ file: Int32, at place: off_t
    ) throws(ReadBackFault) {
        guard pwrite(file, bytes, bytes.count, place) == bytes.count else {
            throw .system(call: "write", errno: errno)
        }
    }
}
