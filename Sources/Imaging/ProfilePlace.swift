import Foundation

/// Whether there is a colour profile in a file at all: what a decoder does not hand over although it
/// is there, is damaged.
enum ProfilePlace {
    private static let most = 10_000

    /// Segments APP2 that begin with `ICC_PROFILE` (ICC.1:2022, B.4).
    static func isInJPEG(_ file: Block) -> Bool {
        let mark = Array("ICC_PROFILE\0".utf8)
        var place = 2
        for _ in 0..<most {
            // Segments may be padded with 0xFF in front.
            while file[place] == 0xFF, file[place + 1] == 0xFF { place += 1 }
            guard file[place] == 0xFF, let kind = file[place + 1], kind != 0xDA, kind != 0xD9,
                let length = file.number(at: place + 2, bytes: 2), length >= 2
            else { return false }
            if kind == 0xE2, file.has(mark, at: place + 4) { return true }
            place += 2 + length
        }
        return false
    }

    /// The chunk `ICCP`, whatever the flags in front say.
    static func inWebP(_ file: Block) -> Block? {
        var place = 12
        for _ in 0..<most {
            guard let name = file.part(place, 4),
                let length = file.number(at: place + 4, bytes: 4, littleEndian: true)
            else { return nil }
            if name.has(Array("ICCP".utf8), at: 0) {
                return file.part(place + 8, min(length, max(0, file.count - place - 8)))
            }
            place += 8 + length + length % 2
        }
        return nil
    }

    /// Tag 34675 in the first directory (TIFF 6.0, section 2; BigTIFF has wider numbers).
    static func isInTIFF(_ file: Block) -> Bool {
        let isLittle = file[0] == 0x49
        func number(_ at: Int, _ count: Int) -> Int? {
            guard count == 8 else {
                return file.number(at: at, bytes: count, littleEndian: isLittle)
            }
            let halves = [at, at + 4].map {
                file.number(at: $0, bytes: 4, littleEndian: isLittle)
            }
            guard let low = halves[isLittle ? 0 : 1], halves[isLittle ? 1 : 0] == 0 else {
                return nil
            }
            return low
        }
        let isBig = number(2, 2) == 43
        guard let start = isBig ? number(8, 8) : number(4, 4),
            let count = number(start, isBig ? 8 : 2)
        else { return false }
        let (first, each) = isBig ? (start + 8, 20) : (start + 2, 12)
        return (0..<min(count, most)).contains { number(first + $0 * each, 2) == 34_675 }
    }
}
