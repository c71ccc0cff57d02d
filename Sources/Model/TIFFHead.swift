/// The beginning of a TIFF, as far as it tells cameras' raw files, which are TIFFs with a thumbnail
/// for their first page, from pictures.
struct TIFFHead {
    /// By the tags of the first page, where they lie in the head, or by what Canon writes.
    let isRaw: Bool

    private enum Tag {
        static let kind = 254
        static let subdirectories = 330
        static let versionOfDNG = 50_706
    }

    /// Nil for what is no TIFF.
    init?(_ head: [UInt8]) {
        let isLittle = head.starts(with: [0x49, 0x49, 42, 0])
        guard isLittle || head.starts(with: [0x4D, 0x4D, 0, 42]) else { return nil }
        func number(_ at: Int, _ count: Int) -> Int? {
            guard at + count <= head.count else { return nil }
            let bytes = head[at..<at + count]
            return (isLittle ? bytes.reversed() : Array(bytes)).reduce(0) { $0 << 8 | Int($1) }
        }
        var tags: [Int: Int] = [:]
        if let start = number(4, 4), let count = number(start, 2) {
            for index in 0..<count {
                let entry = start + 2 + 12 * index
                guard let tag = number(entry, 2), let value = number(entry + 8, 4) else { break }
                tags[tag] = value
            }
        }
        isRaw =
            number(4, 4) == 16 && head.dropFirst(8).starts(with: "CR\u{2}\0".utf8)
            || Self.isRaw(tags[Tag.kind], tags.keys.contains(Tag.subdirectories))
            || tags.keys.contains(Tag.versionOfDNG)
    }

    /// Its first page is a smaller one (NewSubfileType, TIFF 6.0, section 8) of another below it.
    private static func isRaw(_ kind: Int?, _ hasOthers: Bool) -> Bool {
        guard let kind else { return false }
        return kind & 1 == 1 && hasOthers
    }
}
