import Foundation
import Model

/// What a HEIC or AVIF is made of, by its `meta` box (ISO/IEC 14496-12 and 23008-12), before any
/// library sees it. The size that libheif tells beforehand is a claim about the picture: the coded
/// one in it, and each tile of a grid, may be something else, and is decoded before anybody compares.
/// 33 kB that called themselves 64x48 and were 12000x12000 took 880 MB.
struct HEIFGate {
    private enum Limit {
        static let boxes = 100_000
        static let items = 20_000
        static let metas = 4
        /// Slices and what comes with them, of all items.
        static let units = 200_000
        /// A grid of what is made of others.
        static let depth = 3
        /// Coded sizes are rounded up to whole blocks.
        static let block = 64
        /// Decoded pixels, as often as a grid shows them, to one of the picture.
        static let waste = 4
        /// Pixels below which that is nobody's harm.
        static let smallest = 1 << 20
    }

    private struct Item {
        var type = ""
        var properties: [Int] = []
        /// What it is made of.
        var parts: [Int] = []
        var extents: [(place: Int, count: Int)] = []
    }

    private let file: Block
    private var items: [Int: Item] = [:]
    /// From 1, as items name them.
    private var properties: [Box] = []
    /// More is said of items than there can be.
    private var isOverfull = false
    private var costs: [Int: Int] = [:]
    private var units = 0
    private var copied = 0

    private struct Box {
        var name: String
        var start: Int
        var end: Int
    }

    /// - Throws: `oversize` and `unreadable`; what else is wrong is for the decoder to say.
    static func check(_ path: String) throws(Refusal) {
        guard let whole = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped) else {
            return
        }
        let file = Block(whole)
        // libheif believes the last one that it can read: all of them have to be sound.
        let all = boxes(of: file, from: 0, to: file.count)
        let metas = all.filter { $0.name == "meta" }
        for meta in metas.prefix(Limit.metas) {
            var gate = HEIFGate(file, meta)
            try gate.check()
        }
        guard metas.count <= Limit.metas, all.count < Limit.boxes else {
            throw Refusal(
                .unreadable,
                "the picture has \(all.count) parts and describes itself \(metas.count) times:"
                    + " export it again")
        }
    }

    /// As libheif 1.15 reads it: of parts that are there twice, the first.
    private init(_ file: Block, _ meta: Box) {
        self.file = file
        let parts = boxes(from: meta.start + 4, to: meta.end)
        func first(_ name: String) -> Box? { parts.first { $0.name == name } }
        if let box = first("iinf") { readTypes(box) }
        if let box = first("iprp") { readProperties(box) }
        if let box = first("iref") { readParts(box) }
        if let box = first("iloc") { readPlaces(box, first("idat")) }
    }

    // MARK: Verdict

    private mutating func check() throws(Refusal) {
        guard !isOverfull else { throw lie("more items than a picture has") }
        for property in properties where property.name == "ispe" {
            try check(number(property.start + 4, 4) ?? 0, number(property.start + 8, 4) ?? 0)
        }
        // Transparency and such belong to the picture without being parts of it.
        for id in items.keys { _ = try cost(of: id, depth: 0) }
    }

    /// Pixels that are decoded for an item.
    private mutating func cost(of id: Int, depth: Int) throws(Refusal) -> Int {
        if let known = costs[id] { return known }
        guard let item = items[id] else { return 0 }
        guard depth <= Limit.depth else { throw lie("a picture made of itself") }
        try checkCoded(item)
        let size = size(of: item)
        var cost = size.width * size.height
        if let canvas = canvas(of: item) {
            try check(canvas.width, canvas.height)
            let shown = max(canvas.width * canvas.height, cost, Limit.smallest)
            cost = 0
            for part in item.parts {
                cost += try self.cost(of: part, depth: depth + 1)
                guard cost <= Limit.waste * shown else {
                    throw lie("tiles for more than \(Limit.waste) times its size")
                }
            }
        }
        costs[id] = cost
        return cost
    }

    /// What an item is painted on that is made of others (ISO/IEC 23008-12, 6.6.2).
    private func canvas(of item: Item) -> (width: Int, height: Int)? {
        guard let ahead = ["grid": 4, "iovl": 10, "iden": 0][item.type] else { return nil }
        guard ahead > 0, let start = item.extents.first?.place, let flags = number(start + 1, 1)
        else { return (0, 0) }
        let wide = flags & 1 == 0 ? 2 : 4
        guard let width = number(start + ahead, wide),
            let height = number(start + ahead + wide, wide)
        else { return (0, 0) }
        return (width, height)
    }

    /// Of an item that is coded: what its decoder will be told of the size.
    private mutating func checkCoded(_ item: Item) throws(Refusal) {
        let found =
            switch item.type {
            case "hvc1":
                try (headers(of: item) + slices(in: content(of: item))).compactMap(HEVC.size)
            case "av01":
                try sequences(in: headers(of: item).first) + sequences(in: content(of: item))
            default: [(width: Int, height: Int)]()
            }
        let claimed = size(of: item)
        for size in found {
            try check(size.width, size.height)
            guard size.width < claimed.width + Limit.block,
                size.height < claimed.height + Limit.block
            else {
                throw lie(
                    "\(claimed.width)x\(claimed.height) for a picture of \(size.width)x\(size.height)"
                )
            }
        }
    }

    private func check(_ width: Int, _ height: Int) throws(Refusal) {
        let (side, pixels) = (HeaderGate.side, HeaderGate.pixels)
        guard max(width, height) <= side, width * height <= pixels else {
            throw Refusal(
                .oversize,
                "the file claims \(width)x\(height) pixels, the limit is \(side) a side and"
                    + " \(pixels / 1_000_000) megapixels: deliver a smaller export")
        }
    }

    private func lie(_ what: String) -> Refusal {
        Refusal(
            .unreadable,
            "the picture's header does not go with what is in it (\(what)): export it again")
    }

    private func size(of item: Item) -> (width: Int, height: Int) {
        let box = item.properties.lazy.compactMap(property).first { $0.name == "ispe" }
        guard let box, let width = number(box.start + 4, 4), let height = number(box.start + 8, 4)
        else { return (0, 0) }
        return (width, height)
    }

    private func property(_ index: Int) -> Box? {
        index > 0 && index <= properties.count ? properties[index - 1] : nil
    }

    // MARK: Coded units

    /// What the decoder is told before the item's own content: units of HEVC by ISO/IEC 14496-15,
    /// 8.3.3.1, or all there is of AV1 behind four bytes.
    private mutating func headers(of item: Item) throws(Refusal) -> [Block] {
        var found: [Block] = []
        for box in item.properties.compactMap(property) {
            if box.name == "av1C", let all = file.part(box.start + 4, box.end - box.start - 4) {
                found.append(all)
            }
            guard box.name == "hvcC" else { continue }
            var place = box.start + 23
            for _ in 0..<(number(box.start + 22, 1) ?? 0) {
                let count = number(place + 1, 2) ?? 0
                place += 3
                for _ in 0..<count {
                    guard let length = number(place, 2), place + 2 + length <= box.end,
                        let unit = file.part(place + 2, length)
                    else { return found }
                    try self.count()
                    found.append(unit)
                    place += 2 + length
                }
            }
        }
        return found
    }

    /// An item's bytes, wherever in the file they are.
    private mutating func content(of item: Item) throws(Refusal) -> Block {
        if item.extents.count < 2 {
            return item.extents.first.flatMap { file.part($0.place, $0.count) } ?? Block(Data())
        }
        var whole = Data()
        for extent in item.extents {
            copied += extent.count
            guard copied <= 2 * file.count else { throw lie("parts that overlap") }
            whole += file.part(extent.place, extent.count)?.bytes ?? Data()
        }
        return Block(whole)
    }

    /// Each behind its length, in four bytes: as libheif takes them.
    private mutating func slices(in content: Block) throws(Refusal) -> [Block] {
        var found: [Block] = []
        var place = 0
        while let length = content.number(at: place, bytes: 4) {
            try count()
            let rest = content.count - place - 4
            if let unit = content.part(place + 4, min(length, HEVC.head, rest)) {
                found.append(unit)
            }
            place += 4 + length
        }
        return found
    }

    private mutating func sequences(
        in content: Block?
    ) throws(Refusal) -> [(width: Int, height: Int)] {
        var found: [(Int, Int)] = []
        var place = 0
        while let content, let unit = AV1.unit(at: place, of: content) {
            try count()
            let rest = content.count - unit.body
            if unit.isSequence, let body = content.part(unit.body, min(AV1.head, rest)),
                let size = AV1.size(inSequence: body)
            {
                found.append(size)
            }
            place = unit.next
        }
        return found
    }

    private mutating func count() throws(Refusal) {
        units += 1
        guard units <= Limit.units else { throw lie("more parts than a picture has") }
    }

    // MARK: Boxes

    private mutating func readTypes(_ box: Box) {
        let start = box.start + 4 + (version(box) == 0 ? 2 : 4)
        for entry in boxes(from: start, to: box.end).prefix(Limit.items) where entry.name == "infe"
        {
            let wide = version(entry) > 2 ? 4 : 2
            guard version(entry) >= 2, let id = number(entry.start + 4, wide),
                let type = name(entry.start + 4 + wide + 2)
            else { continue }
            if items[id] == nil { items[id] = Item(type: type) }
        }
    }

    private mutating func readProperties(_ box: Box) {
        for part in boxes(from: box.start, to: box.end) {
            if part.name == "ipco", properties.isEmpty {
                properties = boxes(from: part.start, to: part.end)
            }
            guard part.name == "ipma", let flags = number(part.start + 3, 1) else { continue }
            let wide = version(part) == 0 ? 2 : 4
            let size = flags & 1 == 0 ? 1 : 2
            var place = part.start + 8
            let count = number(part.start + 4, 4) ?? 0
            isOverfull = isOverfull || count > Limit.items
            for _ in 0..<min(count, Limit.items) {
                guard let id = number(place, wide), let count = number(place + wide, 1) else {
                    return
                }
                place += wide + 1
                guard place + count * size <= part.end else { return }
                for index in 0..<count {
                    // The highest bit says that it is essential.
                    let number = number(place + index * size, size) ?? 0
                    items[id, default: Item()].properties.append(
                        number & (size == 1 ? 0x7F : 0x7FFF))
                }
                place += count * size
            }
        }
    }

    private mutating func readParts(_ box: Box) {
        let wide = version(box) == 0 ? 2 : 4
        for part in boxes(from: box.start + 4, to: box.end) where part.name == "dimg" {
            guard let id = number(part.start, wide), let count = number(part.start + wide, 2) else {
                return
            }
            let first = part.start + wide + 2
            for index in 0..<count where first + (index + 1) * wide <= part.end {
                guard let other = number(first + index * wide, wide) else { return }
                items[id, default: Item()].parts.append(other)
            }
        }
    }

    private mutating func readPlaces(_ box: Box, _ data: Box?) {
        guard let sizes = number(box.start + 4, 2) else { return }
        let version = version(box)
        // Other sizes than these it takes for none.
        let fields = [12, 8, 4, 0].map { [4: 4, 8: 8][sizes >> $0 & 15] ?? 0 }
        let (offset, length, base) = (fields[0], fields[1], fields[2])
        let index = version < 2 ? 0 : fields[3]
        let wide = version < 2 ? 2 : 4
        var place = box.start + 6 + wide
        var extents = 0
        let said = number(box.start + 6, wide) ?? 0
        isOverfull = isOverfull || said > Limit.items
        for _ in 0..<min(said, Limit.items) {
            guard let id = number(place, wide) else { return }
            place += wide
            // 0: counted in the file, 1: in the description itself, others are not read.
            var method = 0
            if version > 0 {
                method = (number(place, 2) ?? 0) & 15
                place += 2
            }
            let start = long(place + 2, base) ?? 0
            place += 2 + base
            guard let count = number(place, 2), place < box.end else { return }
            place += 2
            extents += count
            // An extent may be of no bytes at all.
            guard extents <= Limit.items else {
                isOverfull = true
                return
            }
            for _ in 0..<count {
                guard place + index + offset + length <= box.end else { return }
                let from = start &+ (long(place + index, offset) ?? 0)
                let extent = long(place + index + offset, length) ?? 0
                place += index + offset + length
                let begin = from &+ (method == 1 ? data?.start ?? 0 : 0)
                // None of it may be there, and none of it is then read.
                guard method < 2, (0...file.count).contains(begin) else { continue }
                // Without a length it is all there is.
                let most = file.count - begin
                let taken = extent > 0 ? min(extent, most) : most
                items[id, default: Item()].extents.append((begin, taken))
            }
        }
    }

    private func boxes(from start: Int, to end: Int) -> [Box] {
        Self.boxes(of: file, from: start, to: end)
    }

    private static func boxes(of file: Block, from start: Int, to end: Int) -> [Box] {
        var found: [Box] = []
        var place = start
        let end = min(end, file.count)
        while place + 8 <= end, found.count < Limit.boxes,
            let small = file.number(at: place, bytes: 4), let name = file.part(place + 4, 4)
        {
            // 1: eight bytes behind the name say it; 0: up to the end.
            let head = small == 1 ? 16 : 8
            let large = small == 1 ? long(file, place + 8, 8) ?? 0 : small
            let size = small == 0 ? end - place : large
            guard size >= head else { break }
            let last = size < end - place ? place + size : end
            found.append(
                Box(
                    name: String(decoding: name.bytes, as: UTF8.self), start: place + head,
                    end: last))
            place = last
        }
        return found
    }

    private func version(_ box: Box) -> Int { number(box.start, 1) ?? 0 }

    private func number(_ at: Int, _ bytes: Int) -> Int? { file.number(at: at, bytes: bytes) }

    private func long(_ at: Int, _ bytes: Int) -> Int? { Self.long(file, at, bytes) }

    /// Nothing, four or eight bytes; nil for what no file is long enough for.
    private static func long(_ file: Block, _ at: Int, _ bytes: Int) -> Int? {
        guard bytes > 4 else { return bytes == 0 ? 0 : file.number(at: at, bytes: bytes) }
        guard let high = file.number(at: at, bytes: bytes - 4),
            let low = file.number(at: at + bytes - 4, bytes: 4), high < 1 << 24
        else { return nil }
        return high << 32 | low
    }

    private func name(_ at: Int) -> String? {
        file.part(at, 4).map { String(decoding: $0.bytes, as: UTF8.self) }
    }
}
