import Foundation

/// Foreign bytes, read by place: what lies outside is nil, never a trap. Numbers are big-endian
/// unless said otherwise.
struct Block {
    let bytes: Data

    init(_ bytes: Data) { self.bytes = bytes }

    var count: Int { bytes.count }

    subscript(at: Int) -> UInt8? {
        guard at >= 0, at < bytes.count else { return nil }
        return bytes[bytes.startIndex + at]
    }

    func has(_ wanted: [UInt8], at: Int) -> Bool {
        part(at, wanted.count)?.bytes.elementsEqual(wanted) ?? false
    }

    /// - Parameter bytes: at most four.
    func number(at: Int, bytes count: Int, littleEndian: Bool = false) -> Int? {
        guard count <= 4, let part = part(at, count) else { return nil }
        let digits = littleEndian ? Array(part.bytes.reversed()) : Array(part.bytes)
        return digits.reduce(0) { $0 << 8 | Int($1) }
    }

    func part(_ at: Int, _ count: Int) -> Block? {
        guard at >= 0, count >= 0, at <= bytes.count, count <= bytes.count - at else { return nil }
        let start = bytes.startIndex + at
        return Block(bytes[start..<start + count])
    }

    /// What follows so many bytes.
    func after(_ at: Int) -> Block? { part(at, count - at) }
}
