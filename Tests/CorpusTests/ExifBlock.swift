import Foundation

/// EXIF as a camera writes it, by hand: what the library would write is what the library expects.
struct ExifBlock {
    var orientation: Int
    /// A position and the body's serial number.
    var isPrivate: Bool
    /// A whole JPEG, of whatever it shows.
    var thumbnail: Data?

    static let serial = "SERIAL-4711"

    var bytes: [UInt8] {
        var extra: [UInt8] = []
        // Header, count, entries, next.
        let entries = isPrivate ? 3 : 1
        let start = 8 + 2 + 12 * entries + 4
        var first = entry(0x0112, 3, 1, orientation)
        if isPrivate {
            let exif = start
            let text = Array(Self.serial.utf8) + [0]
            extra += Surgery.little(1, bytes: 2)
            extra += entry(0xA431, 2, text.count, exif + 18) + Surgery.little(0) + text
            if !extra.count.isMultiple(of: 2) { extra.append(0) }
            let gps = start + extra.count
            extra += Surgery.little(2, bytes: 2) + entry(1, 2, 2, 0x4E)
            extra += entry(2, 5, 3, gps + 30) + Surgery.little(0)
            for number in [52, 31, 12] { extra += Surgery.little(number) + Surgery.little(1) }
            first += entry(0x8769, 4, 1, exif) + entry(0x8825, 4, 1, gps)
        }
        var next = 0
        if let thumbnail {
            next = start + extra.count
            let place = next + 2 + 36 + 4
            extra += Surgery.little(3, bytes: 2) + entry(0x0103, 3, 1, 6)
            extra += entry(0x0201, 4, 1, place) + entry(0x0202, 4, 1, thumbnail.count)
            extra += Surgery.little(0) + Array(thumbnail)
        }
        return [0x49, 0x49, 42, 0] + Surgery.little(8) + Surgery.little(entries, bytes: 2) + first
            + Surgery.little(next) + extra
    }

    private func entry(_ tag: Int, _ type: Int, _ count: Int, _ value: Int) -> [UInt8] {
        Surgery.little(tag, bytes: 2) + Surgery.little(type, bytes: 2) + Surgery.little(count)
            + Surgery.little(value)
    }
}
