import Foundation

/// What the `colr` boxes of an AVIF's picture say; ISO 14496-12, 12.1.5, and 23008-12, 6.5.5. Which
/// boxes are the picture's, `pitm` and `ipma` tell.
struct BoxColors {
    /// Boxes of one kind looked at: a picture has one or two of colours, a file of many tiles some
    /// hundreds of properties.
    private static let most = 5_000

    private var codes: CodePoints?
    private var profile: Data?

    /// The matrix and the range are the decoder's business, which makes red, green and blue of it.
    var statement: ColorStatement {
        if let profile { return .profile(profile) }
        guard let codes, !codes.isUnspecified else { return .nothing }
        return ColorStatement(codes, by: "nclx")
    }

    init(_ file: Block) {
        guard let meta = Self.boxes(in: file).first(where: { $0.name == "meta" }),
            // A version and flags before what it holds.
            let parts = meta.body.after(4).map({ Self.boxes(in: $0) }),
            let properties = parts.first(where: { $0.name == "iprp" })
        else { return }
        let inner = Self.boxes(in: properties.body)
        guard let all = inner.first(where: { $0.name == "ipco" }) else { return }
        let listed = Self.boxes(in: all.body)
        let picture = parts.first { $0.name == "pitm" }.flatMap { Self.primary($0.body) }
        let owned = picture.flatMap { picture in
            inner.filter { $0.name == "ipma" }
                .lazy.compactMap { Self.owned(by: picture, $0.body) }.first
        }
        for index in owned ?? [] where listed.indices.contains(index - 1) {
            if listed[index - 1].name == "colr" { take(listed[index - 1].body) }
        }
    }

    private mutating func take(_ box: Block) {
        guard let kind = box.part(0, 4).map({ String(decoding: $0.bytes, as: UTF8.self) }) else {
            return
        }
        switch kind {
        case "prof", "rICC":
            profile = profile ?? box.after(4).map { Data($0.bytes) }
        case "nclx":
            guard codes == nil, let primaries = box.number(at: 4, bytes: 2),
                let transfer = box.number(at: 6, bytes: 2)
            else { return }
            codes = CodePoints(primaries: primaries, transfer: transfer)
        default: break
        }
    }

    // MARK: Boxes

    private struct Box {
        var name: String
        var body: Block
    }

    /// One after another; a box that says to be longer than there is room ends with the room.
    private static func boxes(in block: Block) -> [Box] {
        var found: [Box] = []
        var place = 0
        while found.count < most, let length = block.number(at: place, bytes: 4),
            let name = block.part(place + 4, 4)
        {
            var (head, size) = (8, length)
            if length == 1 {
                guard let high = block.number(at: place + 8, bytes: 4), high == 0,
                    let low = block.number(at: place + 12, bytes: 4)
                else { break }
                (head, size) = (16, low)
            } else if length == 0 {
                size = block.count - place
            }
            let room = min(size, block.count - place)
            guard size >= head, let body = block.part(place + head, room - head) else { break }
            found.append(Box(name: String(decoding: name.bytes, as: UTF8.self), body: body))
            place += room
        }
        return found
    }

    /// The number of the picture that is to be shown.
    private static func primary(_ box: Block) -> Int? {
        box.number(at: 4, bytes: box[0] == 0 ? 2 : 4)
    }

    /// The properties of one picture, counted from 1; nil where this list does not name it.
    private static func owned(by picture: Int, _ list: Block) -> [Int]? {
        guard let version = list[0], let flags = list[3], let count = list.number(at: 4, bytes: 4)
        else { return nil }
        let (wide, long) = (flags & 1 == 1 ? 2 : 1, version == 0 ? 2 : 4)
        var place = 8
        for _ in 0..<min(count, most) {
            guard let number = list.number(at: place, bytes: long),
                let properties = list[place + long]
            else { return nil }
            place += long + 1
            if number == picture {
                return (0..<Int(properties)).compactMap { index in
                    // The highest bit says that it must be understood.
                    list.number(at: place + index * wide, bytes: wide)
                        .map { $0 & (wide == 2 ? 0x7FFF : 0x7F) }
                }
            }
            place += Int(properties) * wide
        }
        return nil
    }
}
