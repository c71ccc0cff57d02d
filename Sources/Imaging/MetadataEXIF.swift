import Foundation
import Model

/// EXIF (CIPA DC-008): directories of tags as TIFF has them, in a block of their own or all over
/// a TIFF file. What is outside, circular or of the wrong type is passed over.
struct EXIF {
    private enum Tag {
        static let artist = 0x013B
        static let thumbnail = 0x0201
        static let copyright = 0x8298
        static let exifDirectory = 0x8769
        static let gpsDirectory = 0x8825
        static let latitude = 0x0002
        static let longitude = 0x0004
        /// Of the body, the lens, and Adobe's for the camera.
        static let serials = [0xA431, 0xA435, 0xC62F]
    }

    /// Value type 2: text that ends in a zero byte.
    private static let ascii = 2
    /// Resolution, orientation, versions and sizes: the file's form, nothing about who or where.
    private static let technical: Set<Int> = [
        0x0112, 0x011A, 0x011B, 0x0128, 0x0213, Tag.exifDirectory,
        0x9000, 0x9101, 0xA000, 0xA001, 0xA002, 0xA003,
    ]
    private static let entries = 1000

    /// A tag's value, or where it lies.
    private struct Entry {
        let type: Int
        let count: Int
        let place: Int
        let value: Int
    }

    private struct Directory {
        var entries: [Int: Entry] = [:]
        var next = 0
    }

    private let block: Block
    private let isLittle: Bool
    private let isFile: Bool

    /// Nil for what is no EXIF. Some formats keep the JPEG's `Exif` before it, some do not.
    init?(block data: Data) {
        let mark = Array("Exif\0\0".utf8)
        let whole = Block(data)
        let inner =
            whole.has(mark, at: 0) ? whole.part(mark.count, whole.count - mark.count) : whole
        self.init(inner, isFile: false)
    }

    /// A whole TIFF. Nil for what is none, and for the big kind.
    init?(file: Data) { self.init(Block(file), isFile: true) }

    private init?(_ block: Block?, isFile: Bool) {
        guard let block else { return nil }
        if block.has([0x49, 0x49, 42, 0], at: 0) {
            isLittle = true
        } else if block.has([0x4D, 0x4D, 0, 42], at: 0) {
            isLittle = false
        } else {
            return nil
        }
        self.block = block
        self.isFile = isFile
    }

    /// Nothing is in it that belongs to a person or a place.
    var isTechnical: Bool {
        guard let start = number(4, 4) else { return true }
        let first = directory(start)
        let exif = first.entries[Tag.exifDirectory].map { directory($0.value) } ?? Directory()
        return first.next == 0
            && Set(first.entries.keys).union(exif.entries.keys).isSubset(of: Self.technical)
    }

    func read(into found: inout PictureMetadata) {
        guard let start = number(4, 4) else { return }
        let first = directory(start)
        found.keep(.copyright, text(first.entries[Tag.copyright]))
        found.keep(.creator, text(first.entries[Tag.artist]))
        let exif = first.entries[Tag.exifDirectory].map { directory($0.value) } ?? Directory()
        let gps = first.entries[Tag.gpsDirectory].map { directory($0.value) } ?? Directory()
        if gps.entries[Tag.latitude] != nil || gps.entries[Tag.longitude] != nil {
            found.hasPosition = true
        }
        for serial in Tag.serials
        where exif.entries[serial] != nil || first.entries[serial] != nil {
            found.hasSerialNumber = true
        }
        // In a file, what follows is the next page.
        if !isFile && directory(first.next).entries[Tag.thumbnail] != nil {
            found.hasThumbnail = true
        }
    }

    /// Tag, type, count, and four bytes that are the value or where it lies: twelve bytes each.
    private func directory(_ start: Int) -> Directory {
        var directory = Directory()
        guard start >= 8, let count = number(start, 2), count <= Self.entries else {
            return directory
        }
        for index in 0..<count {
            let at = start + 2 + 12 * index
            guard let tag = number(at, 2), let type = number(at + 2, 2),
                let count = number(at + 4, 4), let value = number(at + 8, 4)
            else { return directory }
            directory.entries[tag] = Entry(type: type, count: count, place: at + 8, value: value)
        }
        directory.next = number(start + 2 + 12 * count, 4) ?? 0
        return directory
    }

    /// A copyright may be two texts, the photographer's and the editor's.
    private func text(_ entry: Entry?) -> String? {
        guard let entry, entry.type == Self.ascii else { return nil }
        let count = min(entry.count, 4 * PictureMetadata.longest)
        guard let part = block.part(entry.count <= 4 ? entry.place : entry.value, count) else {
            return nil
        }
        let parts = part.bytes.split(separator: 0).compactMap {
            ForeignText.clean(ForeignText.decode($0))
        }
        return ForeignText.clean(parts.joined(separator: "; "))
    }

    private func number(_ at: Int, _ bytes: Int) -> Int? {
        block.number(at: at, bytes: bytes, littleEndian: isLittle)
    }
}
