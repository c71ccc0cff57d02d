import CVips
import Foundation
import Model

/// What the numbers of a TIFF's pixels are beyond its colours (TIFF 6.0, section 18, ExtraSamples).
/// libvips takes any such number for transparency, and a selection that somebody saved with the
/// picture would erase half a product: only what is said to be transparency is, the rest is left out.
struct TIFFSamples {
    enum Extra: Equatable {
        /// A saved selection, a spot colour, anything. What is not said counts as this.
        case unspecified
        /// Transparency, and the colours were multiplied by it.
        case associated
        case unassociated
    }

    private enum Tag {
        static let kind = 254
        static let photometric = 262
        static let count = 277
        static let inkSet = 332
        static let subdirectories = 330
        static let extras = 338
        static let versionOfDNG = 50_706
    }

    /// Channels of one picture; Photoshop knows 56.
    static let most = 64
    private static let entries = 4096

    /// In the order of the file, behind the colours.
    let extras: [Extra]
    /// Where in the file a number says `associated`: the byte that is 1.
    let associations: [Int]
    private let isPalette: Bool

    /// Of the first page. Nil where there is nothing beyond colours, or no telling what is a colour.
    init?(_ file: Block) {
        guard let directory = Directory(file) else { return nil }
        let photometric = directory.numbers(Tag.photometric, upTo: 1).first?.value
        // Other inks than the usual four: nobody could say which.
        let isOtherInk = directory.numbers(Tag.inkSet, upTo: 1).first.map { $0.value != 1 } ?? false
        guard let photometric, let colors = Self.colors(photometric),
            !(photometric == 5 && isOtherInk)
        else { return nil }
        let count = directory.numbers(Tag.count, upTo: 1).first?.value ?? 1
        guard count > colors, count <= 0xFFFF else { return nil }
        // Where fewer are spoken of than there are, they are the last ones: so libtiff has it.
        let said = directory.numbers(Tag.extras, upTo: Self.most).suffix(count - colors)
        extras =
            Array(repeating: .unspecified, count: count - colors - said.count)
            + said.map { Self.meaning($0.value) }
        associations = said.filter { $0.value == 1 }.map(\.place)
        isPalette = photometric == 3
    }

    /// How many numbers of a pixel are its colour.
    private static func colors(_ photometric: Int) -> Int? {
        switch photometric {
        // Grey, and indexes of a palette.
        case 0, 1, 3: 1
        // RGB, YCbCr, Lab.
        case 2, 6, 8: 3
        // CMYK.
        case 5: 4
        default: nil
        }
    }

    private static func meaning(_ value: Int) -> Extra {
        switch value {
        case 1: .associated
        // CorelDRAW writes 999 for it.
        case 2, 999: .unassociated
        default: .unspecified
        }
    }

    /// The first that is said to be transparency, counted behind the colours.
    private var alpha: Int? { extras.firstIndex { $0 != .unspecified } }
    var ignored: Int { extras.count - (alpha == nil ? 0 : 1) }

    /// The picture with its colours and its transparency, and nothing else.
    /// - Parameter picture: as libvips has it, with every channel, none of it divided.
    func sorted(_ picture: Picture) throws(Refusal) -> Picture {
        guard extras.count < Self.most else {
            throw Refusal(
                .oversize,
                "the file claims more than \(Self.most) channels: export it without the saved ones")
        }
        let colors = picture.bands - extras.count
        guard colors > 0 else { return picture }
        guard let alpha else { return try picture.bands(0..<colors) }
        let place = colors + alpha
        let kept =
            alpha == 0
            ? try picture.bands(0..<place + 1)
            : try picture.bands(0..<colors).joined(picture.bands(place..<place + 1))
        return extras[alpha] == .associated ? try divided(kept) : kept
    }

    /// libvips divides by itself, but a second channel that claims as much misleads it, and of CMYK
    /// with 16 bits it makes nothing.
    private func divided(_ picture: Picture) throws(Refusal) -> Picture {
        let most: [VipsBandFormat: Double] = [
            VIPS_FORMAT_UCHAR: 255, VIPS_FORMAT_USHORT: 65_535,
        ]
        guard let most = most[picture.format], !isPalette else {
            throw Refusal(
                .unreadable,
                "the picture's colours were multiplied by its transparency, which cannot be undone"
                    + " for '\(picture.spaceName)': export it with plain (unassociated) transparency"
            )
        }
        return try picture.then { sluice_vips_unpremultiply($0, $1, most) }
    }
}

extension TIFFSamples {
    /// The tags of a TIFF's first page: what is outside is passed over.
    private struct Directory {
        private let file: Block
        private let isLittle: Bool
        private var places: [Int: Int] = [:]

        init?(_ file: Block) {
            if file.has([0x49, 0x49, 42, 0], at: 0) {
                isLittle = true
            } else if file.has([0x4D, 0x4D, 0, 42], at: 0) {
                isLittle = false
            } else {
                return nil
            }
            self.file = file
            guard let start = number(4, 4), let count = number(start, 2) else { return nil }
            for index in 0..<min(count, TIFFSamples.entries) {
                let place = start + 2 + 12 * index
                guard let tag = number(place, 2) else { break }
                // Of a tag that is there twice, libtiff believes the first.
                if places[tag] == nil { places[tag] = place }
            }
        }

        /// As `TIFFHead` has it.
        var isRaw: Bool {
            let isSmaller = numbers(Tag.kind, upTo: 1).first.map { $0.value & 1 == 1 } ?? false
            return places[Tag.versionOfDNG] != nil
                || isSmaller && places[Tag.subdirectories] != nil
        }

        /// A tag's values, and where the lowest byte of each is.
        func numbers(_ tag: Int, upTo most: Int) -> [(value: Int, place: Int)] {
            guard let entry = places[tag], let type = number(entry + 2, 2),
                // Bytes, shorts and longs, with a sign or without.
                let size = [1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4][type],
                let count = number(entry + 4, 4), count <= 0xFFFF
            else { return [] }
            let start = count * size <= 4 ? entry + 8 : number(entry + 8, 4)
            guard let start else { return [] }
            return (0..<min(count, most)).compactMap { index in
                let place = start + index * size
                return number(place, size).map { ($0, isLittle ? place : place + size - 1) }
            }
        }

        private func number(_ at: Int, _ bytes: Int) -> Int? {
            file.number(at: at, bytes: bytes, littleEndian: isLittle)
        }
    }
}

extension TIFFSamples {
    /// Nil too where the file cannot be read: the decoder says why.
    /// - Throws: `unreadable` for what a camera's sensor saw, wherever the tags that tell it lie: its
    ///   first page is a thumbnail.
    static func read(_ path: String) throws(Refusal) -> TIFFSamples? {
        guard let whole = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped) else {
            return nil
        }
        if Directory(Block(whole))?.isRaw == true {
            throw Refusal(.unreadable, ForeignFile.raw.told)
        }
        return TIFFSamples(Block(whole))
    }
}

/// A TIFF in which transparency is called plain, so that libvips leaves the dividing to us: the
/// file's own pages, and one of them our own.
final class PrivateCopy {
    let bytes: UnsafeMutableRawBufferPointer

    deinit { munmap(bytes.baseAddress, bytes.count) }

    /// - Parameter places: each the byte that is 1 and becomes 2.
    init(of path: String, calling places: [Int]) throws(Refusal) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        var status = stat()
        guard file >= 0, fstat(file, &status) == 0,
            let start = mmap(
                nil, Int(status.st_size), PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0),
            start != MAP_FAILED
        else {
            throw Refusal(
                errno == ENOMEM ? .memory : .resources,
                "cannot map '\(path)': \(String(cString: strerror(errno)))")
        }
        bytes = UnsafeMutableRawBufferPointer(start: start, count: Int(status.st_size))
        for place in places where place < bytes.count { bytes[place] = 2 }
        // Memory that may be written counts against the worker's share.
        mprotect(start, bytes.count, PROT_READ)
    }
}
