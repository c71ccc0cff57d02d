/// One item as a program reads it: texts as bytes in a row, found by the column of their attribute.
/// It is used again for the next item, so that a million items allocate nothing.
struct FeedRow {
    struct Value: Equatable {
        /// Of an attribute; of a part, its place within the group.
        var column: Int32
        var lower: Int32
        var upper: Int32
        /// So many values after this one are its parts.
        var parts: Int32
    }

    private(set) var bytes: [UInt8] = []
    private(set) var values: [Value] = []
    /// Column → the first of its values, which stand together; -1: none.
    private(set) var first: [Int32]
    /// Characters that no document can hold, left out.
    private(set) var dropped = 0
    /// SKU of the item.
    var sku = ""

    init(columns: Int) {
        first = Array(repeating: -1, count: columns)
        bytes.reserveCapacity(4096)
        values.reserveCapacity(64)
    }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        for value in values where value.column < first.count { first[Int(value.column)] = -1 }
        values.removeAll(keepingCapacity: true)
        dropped = 0
    }

    // MARK: Asking

    /// Of two with the same columns, whatever their SKUs are.
    func saysTheSame(as other: FeedRow) -> Bool { values == other.values && bytes == other.bytes }

    func has(_ column: Int) -> Bool { first[column] >= 0 }

    /// Where the value of that number stands; nil where there are fewer.
    func index(_ column: Int, _ number: Int = 0) -> Int? {
        guard first[column] >= 0 else { return nil }
        var index = Int(first[column])
        for _ in 0..<number {
            guard let next = next(index) else { return nil }
            index = next
        }
        return index
    }

    /// The next value of the same column.
    func next(_ index: Int) -> Int? {
        let after = index + 1 + Int(values[index].parts)
        return after < values.count && values[after].column == values[index].column ? after : nil
    }

    /// Of a group, where the value of a part stands.
    func part(_ part: Int, of group: Int) -> Int? {
        let parts = (group + 1)..<(group + 1 + Int(values[group].parts))
        return parts.first { values[$0].column == Int32(part) }
    }

    func withBytes<Result>(
        _ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        let value = values[index]
        return try bytes.withUnsafeBufferPointer {
            try body(
                UnsafeBufferPointer(rebasing: $0[Int(value.lower)..<Int(value.upper)]))
        }
    }

    func text(_ index: Int) -> String {
        withBytes(index) { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: Filling

    /// Values of one column must come one after the other.
    mutating func add(_ column: Int, _ text: UnsafeBufferPointer<UInt8>) {
        let lower = bytes.count
        bytes.append(contentsOf: text)
        note(column, lower)
    }

    /// As above, without what no document can hold.
    /// - Returns: false where nothing is left of it but white space.
    mutating func add(_ column: Int, text: String, _ filters: [TextFilter]) -> Bool {
        guard let (lower, lost) = take(text, filters) else { return false }
        dropped += lost
        note(column, lower)
        return true
    }

    /// - Returns: false where the group has no part with a text.
    mutating func add(
        _ column: Int, parts: [(part: Int, text: String, filters: [TextFilter])]
    ) -> Bool {
        let index = values.count
        values.append(Value(column: Int32(column), lower: 0, upper: 0, parts: 0))
        for (part, text, filters) in parts {
            guard let (lower, lost) = take(text, filters) else { continue }
            dropped += lost
            values.append(
                Value(
                    column: Int32(part), lower: Int32(lower), upper: Int32(bytes.count), parts: 0))
            values[index].parts += 1
        }
        guard values[index].parts > 0 else {
            values.removeLast()
            return false
        }
        if first[column] < 0 { first[column] = Int32(index) }
        return true
    }

    /// A group as it stands in a file of items; its parts follow by `addPart`.
    mutating func addGroup(_ column: Int, parts: Int) {
        if first[column] < 0 { first[column] = Int32(values.count) }
        values.append(Value(column: Int32(column), lower: 0, upper: 0, parts: Int32(parts)))
    }

    mutating func addPart(_ part: Int, _ text: UnsafeBufferPointer<UInt8>) {
        let lower = bytes.count
        bytes.append(contentsOf: text)
        values.append(
            Value(column: Int32(part), lower: Int32(lower), upper: Int32(bytes.count), parts: 0))
    }

    private mutating func note(_ column: Int, _ lower: Int) {
        if first[column] < 0 { first[column] = Int32(values.count) }
        values.append(
            Value(
                column: Int32(column), lower: Int32(lower), upper: Int32(bytes.count), parts: 0))
    }

    /// - Returns: where its bytes begin, and what was left out; nil where it is blank.
    private mutating func take(
        _ text: String, _ filters: [TextFilter]
    ) -> (lower: Int, lost: Int)? {
        let lower = bytes.count
        var text = text
        var lost = text.withUTF8 { CleanBytes.append($0, to: &bytes) }
        for filter in filters {
            let input = Array(bytes[lower...])
            bytes.removeSubrange(lower...)
            input.withUnsafeBufferPointer { filter.apply($0, into: &bytes, categories: [:]) }
        }
        // An entity may stand for what no document can hold.
        if !filters.isEmpty {
            let input = Array(bytes[lower...])
            bytes.removeSubrange(lower...)
            lost += input.withUnsafeBufferPointer { CleanBytes.append($0, to: &bytes) }
        }
        guard !CleanBytes.isBlank(bytes[lower...]) else {
            bytes.removeSubrange(lower...)
            return nil
        }
        return (lower, lost)
    }
}

/// Texts of which every character may stand in XML 1.0, section 2.2: what is left out are control
/// characters, U+FFFE and U+FFFF. Swift's strings hold nothing worse.
enum CleanBytes {
    /// - Returns: characters that were left out.
    static func append(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) -> Int {
        guard text.contains(where: { $0 < 0x20 || $0 == 0xEF }) else {
            out.append(contentsOf: text)
            return 0
        }
        var dropped = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D {
                dropped += 1
                index += 1
            } else if byte == 0xEF, index + 2 < text.count, text[index + 1] == 0xBF,
                text[index + 2] >= 0xBE
            {
                dropped += 1
                index += 3
            } else {
                out.append(byte)
                index += 1
            }
        }
        return dropped
    }

    /// Nothing, or nothing but white space.
    static func isBlank(_ text: ArraySlice<UInt8>) -> Bool {
        guard let byte = text.first else { return true }
        if byte > 0x20 && byte < 0x80 { return false }
        return String(decoding: text, as: UTF8.self).unicodeScalars.allSatisfy {
            $0.properties.isWhitespace
        }
    }
}
