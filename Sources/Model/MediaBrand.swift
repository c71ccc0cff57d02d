/// What is in a file of the ISO base media kind (ISO/IEC 14496-12: boxes, the first of which names
/// brands): pictures of phones, videos, and more.
enum MediaBrand {
    case avif, heic
    case animatedAVIF, animatedHEIC
    /// JPEG or something else in the same wrapping.
    case otherPicture
    case raw, quickTime, video

    private static let heicBrands: Set = ["heic", "heix", "heim", "heis"]
    private static let sequenceBrands: Set = ["hevc", "hevx", "hevm", "hevs"]
    /// Say that it is a picture, and not in which coding.
    private static let pictureBrands: Set = ["mif1", "mif2", "miaf"]

    /// Nil for what is no such file.
    init?(_ head: [UInt8]) {
        guard let brands = Self.brands(head) else {
            // QuickTime from before there were brands.
            let older = ["moov", "mdat", "wide", "pnot"]
            guard older.contains(where: { head.dropFirst(4).starts(with: $0.utf8) }) else {
                return nil
            }
            self = .quickTime
            return
        }
        self = Self.meaning(of: brands[0], Set(brands.dropFirst()), head)
    }

    private static func meaning(
        of major: String, _ others: Set<String>, _ head: [UInt8]
    ) -> MediaBrand {
        switch major {
        case "avif": return .avif
        case "avis": return .animatedAVIF
        case _ where heicBrands.contains(major): return .heic
        case _ where sequenceBrands.contains(major): return .animatedHEIC
        case "msf1": return others.contains("avis") ? .animatedAVIF : .animatedHEIC
        case "crx ": return .raw
        case "qt  ": return .quickTime
        case _ where others.contains("avif"): return .avif
        case _ where !heicBrands.isDisjoint(with: others): return .heic
        case _ where pictureBrands.contains(major) || !pictureBrands.isDisjoint(with: others):
            let codings = codings(head)
            if codings.contains("hvc1") { return .heic }
            return codings.contains("av01") ? .avif : .otherPicture
        default: return .video
        }
    }

    /// The major brand, then those that it is compatible with.
    private static func brands(_ head: [UInt8]) -> [String]? {
        guard head.dropFirst(4).starts(with: "ftyp".utf8), head.count >= 12 else { return nil }
        let end = min(number(head, 0) ?? 0, head.count)
        let others = stride(from: 16, through: end - 4, by: 4).map { name(head, $0) }
        return [name(head, 8)] + others
    }

    // MARK: The items of a picture

    /// Of the items that the head tells of.
    private static func codings(_ head: [UInt8]) -> Set<String> {
        var found: Set<String> = []
        // A full box has four bytes of version and flags before what is in it.
        for meta in boxes(in: head, from: 0, to: head.count) where meta.name == "meta" {
            for list in boxes(in: head, from: meta.start + 4, to: meta.end)
            where list.name == "iinf" {
                let counted = list.start < head.count && head[list.start] == 0 ? 2 : 4
                for item in boxes(in: head, from: list.start + 4 + counted, to: list.end) {
                    let wide = item.start < head.count && head[item.start] > 2 ? 2 : 0
                    let place = item.start + 8 + wide
                    if item.name == "infe", place + 4 <= head.count {
                        found.insert(name(head, place))
                    }
                }
            }
        }
        return found
    }

    private static func boxes(
        in head: [UInt8], from start: Int, to end: Int
    ) -> [(name: String, start: Int, end: Int)] {
        var found: [(String, Int, Int)] = []
        var place = start
        while place + 8 <= min(end, head.count), let size = number(head, place), size >= 8 {
            found.append((name(head, place + 4), place + 8, min(place + size, head.count)))
            place += size
        }
        return found
    }

    private static func number(_ head: [UInt8], _ at: Int) -> Int? {
        guard at + 4 <= head.count else { return nil }
        return head[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func name(_ head: [UInt8], _ at: Int) -> String {
        String(decoding: head[at..<at + 4], as: UTF8.self)
    }
}
