import Foundation
import Model

/// IPTC-IIM (IIM 4.2, record 2): datasets, mostly wrapped in Photoshop's image resources.
enum IIM {
    private enum Dataset: UInt8 {
        case title = 5
        case releaseDate = 30
        case releaseTime = 35
        case expirationDate = 37
        case expirationTime = 38
        case creator = 80
        case credit = 110
        case copyright = 116
    }

    private typealias Fields = [Dataset: [String]]

    /// - Parameter data: `Photoshop 3.0` and resources (JPEG), resources, or datasets (TIFF).
    static func read(
        _ data: Data, into found: inout PictureMetadata
    ) throws(MetadataReader.Unreadable) {
        let block = Block(data)
        let wrapping = Array("Photoshop 3.0\0".utf8)
        let start = block.has(wrapping, at: 0) ? wrapping.count : 0
        if block.has(resource, at: start) {
            try resources(block, from: start, into: &found)
        } else if block[0] == marker {
            try datasets(block, into: &found)
        } else if block[3] == marker, block.count % 4 == 0 {
            // A TIFF keeps them as 32-bit words, which a library may have turned around.
            try datasets(Block(turned(data)), into: &found)
        } else {
            throw .init("it does not begin as IPTC does")
        }
    }

    // MARK: In a PNG, which has no place for it

    /// The comments in which ImageMagick and others keep it, in the names libvips gives them:
    /// `png-comment-0-Raw profile type iptc`.
    static func isWritten(in field: String) -> Bool {
        ["-Raw profile type iptc", "-Raw profile type 8bim"].contains { field.hasSuffix($0) }
    }

    /// A line with a name, one with the length, and the bytes as hexadecimal digits.
    static func read(
        hexadecimal text: Data, into found: inout PictureMetadata
    ) throws(MetadataReader.Unreadable) {
        let lines = text.split(separator: 0x0A)
        guard lines.count > 2 else { throw .init("its comment holds nothing") }
        let digits = lines[2...].joined().compactMap {
            Character(Unicode.Scalar($0)).hexDigitValue
        }
        let pairs = stride(from: 0, to: digits.count - 1, by: 2)
        try read(
            Data(pairs.map { UInt8(truncatingIfNeeded: digits[$0] << 4 | digits[$0 + 1]) }),
            into: &found)
    }

    // MARK: Photoshop's image resources

    private static let resource = Array("8BIM".utf8)
    private static let iptc = 0x0404
    private static let thumbnails = [0x0409, 0x040C]

    /// Signature, id, Pascal string padded to even, length, bytes padded to even.
    private static func resources(
        _ block: Block, from start: Int, into found: inout PictureMetadata
    ) throws(MetadataReader.Unreadable) {
        var at = start
        while block.has(resource, at: at), let id = block.number(at: at + 4, bytes: 2),
            let name = block[at + 6]
        {
            let head = at + 6 + (Int(name) + 2) / 2 * 2
            guard let length = block.number(at: head, bytes: 4),
                let inside = block.part(head + 4, length)
            else { throw .init("it ends in the middle of a resource") }
            if id == iptc { try datasets(inside, into: &found) }
            if thumbnails.contains(id) { found.hasThumbnail = true }
            at = head + 4 + (length + 1) / 2 * 2
        }
    }

    // MARK: Datasets

    private static let marker: UInt8 = 0x1C

    /// Marker, record, dataset, length, bytes. A length with its highest bit set says how many
    /// bytes the length itself has: no text we want is that long.
    private static func datasets(
        _ block: Block, into found: inout PictureMetadata
    ) throws(MetadataReader.Unreadable) {
        var fields: Fields = [:]
        var isUTF8 = false
        var at = 0
        while block[at] == marker {
            guard let record = block[at + 1], let number = block[at + 2],
                var length = block.number(at: at + 3, bytes: 2)
            else { throw .init("it ends in the middle of a field") }
            at += 5
            if length > 0x7FFF {
                let digits = length & 0x7FFF
                guard digits <= 4, let long = block.number(at: at, bytes: digits) else {
                    throw .init("a field claims an impossible length")
                }
                at += digits
                length = long
            }
            guard let value = block.part(at, length) else {
                throw .init("it ends in the middle of a field")
            }
            at += length
            // 1:90, ESC % G: everything after is UTF-8.
            if record == 1 && number == 90 { isUTF8 = value.has([0x1B, 0x25, 0x47], at: 0) }
            guard record == 2, let dataset = Dataset(rawValue: number) else { continue }
            add(value, isUTF8, to: &fields[dataset, default: []])
        }
        take(fields, into: &found)
    }

    private static func add(_ value: Block, _ isUTF8: Bool, to list: inout [String]) {
        guard list.count < PictureMetadata.most else { return }
        // Beyond this nothing would be kept; a scalar has at most four bytes.
        let bytes = value.bytes.prefix(4 * PictureMetadata.longest)
        let text = isUTF8 ? String(decoding: bytes, as: UTF8.self) : ForeignText.decode(bytes)
        if let text = ForeignText.clean(text) { list.append(text) }
    }

    private static func take(_ fields: Fields, into found: inout PictureMetadata) {
        found.keep(.copyright, fields[.copyright]?.first)
        found.keep(.credit, fields[.credit]?.first)
        found.keep(
            .creator, fields[.creator].flatMap { ForeignText.clean($0.joined(separator: "; ")) })
        found.title = found.title ?? fields[.title]?.first
        let from = moment(fields[.releaseDate], fields[.releaseTime])
        let until = moment(fields[.expirationDate], fields[.expirationTime])
        found.add([from].compactMap(\.self), \.usableFrom)
        found.add([until].compactMap(\.self), \.usableUntil)
    }

    /// `20260331` and `120000+0100`, as ISO 8601 writes them. Zeros stand for what is not known.
    private static func moment(_ dates: [String]?, _ times: [String]?) -> String? {
        guard let date = dates?.first, !date.allSatisfy({ $0 == "0" }) else { return nil }
        guard date.utf8.count == 8, date.utf8.allSatisfy(isDigit) else { return date }
        let digits = Array(date)
        let day = "\(String(digits[0..<4]))-\(String(digits[4..<6]))-\(String(digits[6..<8]))"
        let bare = day.replacing("-00", with: "")
        guard bare == day, let time = times?.first, let clock = clock(time) else { return bare }
        return "\(day)T\(clock)"
    }

    private static func clock(_ time: String) -> String? {
        let digits = Array(time)
        guard digits.count == 11 || digits.count == 6,
            digits.enumerated().allSatisfy({ index, digit in
                index == 6 ? digit == "+" || digit == "-" : digit.utf8.allSatisfy(isDigit)
            })
        else { return nil }
        func pair(_ start: Int) -> String { String(digits[start..<start + 2]) }
        let clock = "\(pair(0)):\(pair(2)):\(pair(4))"
        return digits.count == 6 ? clock : "\(clock)\(digits[6])\(pair(7)):\(pair(9))"
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func turned(_ data: Data) -> Data {
        let bytes = Array(data)
        return Data(
            stride(from: 0, to: bytes.count, by: 4).flatMap { bytes[$0..<$0 + 4].reversed() })
    }
}
