import Model

/// What the names in one folder look like that a channel gives there: tells what could be a file of its
/// own, left behind or put there by hand, from whatever else somebody keeps in the same place.
package struct NameShape: Sendable {
    /// One for each name that has a part there.
    private let shapes: [[Piece]]

    fileprivate init(_ shapes: [[Piece]]) { self.shapes = shapes }

    fileprivate enum Piece: Sendable {
        case oneOf([[UInt8]])
        /// So many hexadecimal digits.
        case hash(Int)
        case digits
        /// At least one character.
        case some
    }

    /// - Parameter leaf: of a file, or of a folder on the way to one.
    package func fits(_ leaf: String) -> Bool {
        guard RemoteName(rawValue: leaf) != nil, !leaf.contains("/") else { return false }
        let bytes = Array(leaf.lowercased().utf8)
        return shapes.contains { Self.fits(bytes, $0) }
    }

    /// Goes along all ways at one time: those that begin at the ends of the last piece.
    private static func fits(_ bytes: [UInt8], _ shape: [Piece]) -> Bool {
        var ends: Set<Int> = [0]
        for piece in shape {
            ends = ends.reduce(into: []) { $0.formUnion(Self.ends(of: piece, bytes, from: $1)) }
        }
        return ends.contains(bytes.count)
    }

    private static func ends(of piece: Piece, _ bytes: [UInt8], from start: Int) -> Set<Int> {
        let rest = bytes[start...]
        func run(_ isWanted: (UInt8) -> Bool) -> Int { rest.prefix(while: isWanted).count }
        switch piece {
        case .oneOf(let words):
            return Set(words.filter { rest.starts(with: $0) }.map { start + $0.count })
        case .hash(let count):
            let digits = run { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
            return digits >= count ? [start + count] : []
        case .digits:
            return Set((start..<start + run { (0x30...0x39).contains($0) }).map { $0 + 1 })
        case .some:
            return Set((start..<bytes.count).map { $0 + 1 })
        }
    }
}

extension Profile {
    /// - Parameter folder: below the channel's own: empty for that one, else with a slash at its end.
    /// - Returns: nil where only one file of ours has a place: it is called by that file's content.
    package func names(in folder: String) -> NameShape? {
        let above = folder.split(separator: "/").map(String.init)
        var shapes: [[NameShape.Piece]] = []
        for slot in slots {
            let segments = self.segments(of: slot)
            guard segments.count > above.count,
                zip(above, segments).allSatisfy({ NameShape([$1]).fits($0) })
            else { continue }
            if segments[..<above.count].contains(where: \.isByContent) { continue }
            shapes.append(segments[above.count])
        }
        return shapes.isEmpty ? nil : NameShape(shapes)
    }

    private func segments(of slot: Slot) -> [[NameShape.Piece]] {
        var segments: [[NameShape.Piece]] = [[]]
        for part in slot.template.parts {
            switch part {
            case .field(let field):
                segments[segments.count - 1].append(piece(field, slot))
            case .literal(let text):
                for (index, text) in text.lowercased().split(
                    separator: "/", omittingEmptySubsequences: false
                ).enumerated() {
                    if index > 0 { segments.append([]) }
                    segments[segments.count - 1].append(.oneOf([Array(text.utf8)]))
                }
            }
        }
        return segments
    }

    private func piece(_ field: Template.Field, _ slot: Slot) -> NameShape.Piece {
        func words(_ words: [String]) -> NameShape.Piece {
            .oneOf(words.map { Array($0.lowercased().utf8) })
        }
        if let table = field.filter.flatMap({ codes[$0] }) {
            return words(slot.views.compactMap { table[$0] })
        }
        switch (field.name, field.filter) {
        case ("hash", nil): return .hash(ContentHash.shortLength)
        case ("number", nil), ("position", nil): return .digits
        case ("view", nil): return words(slot.views)
        case ("slot", nil): return words([slot.name])
        case ("channel", nil): return words([channel])
        case ("ext", nil):
            return renditions[slot.rendition].map { words([$0.recipe.format.fileExtension]) }
                ?? .some
        default: return .some
        }
    }
}

extension [NameShape.Piece] {
    fileprivate var isByContent: Bool {
        contains { if case .hash = $0 { true } else { false } }
    }
}
