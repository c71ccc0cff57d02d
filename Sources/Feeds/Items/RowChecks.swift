private import Model

/// What a channel would refuse an item for. Asked of every item, so a text that is as it should be
/// is looked at as bytes only.
struct RowChecks {
    private let attributes: FeedAttributes
    private let patterns: [String: Regex<AnyRegexOutput>]
    /// Required attributes, and another that will do.
    private let required: [(column: Int, instead: Int?)]
    /// What a part may not hold, where the document sets parts apart by a mark.
    private let mark: (byte: UInt8, format: String)?
    /// Tabs and ends of lines become blanks, which an identifier does not survive.
    private let isOnLines: Bool
    /// What ends a value or an item where nothing is quoted.
    private let marks: [[UInt8]]
    private let name: String

    init(_ format: FeedFormat) {
        let attributes = format.attributes
        self.attributes = attributes
        required = attributes.required.compactMap { name in
            attributes.column(name).map { column in
                (column: column, instead: attributes.instead[name].flatMap(attributes.column))
            }
        }
        var patterns: [String: Regex<AnyRegexOutput>] = [:]
        for attribute in attributes.list {
            let all = [attribute] + (attribute.parts ?? []).map(\.attribute)
            for pattern in all.compactMap(\.pattern) { patterns[pattern] = try? Regex(pattern) }
        }
        self.patterns = patterns
        mark = format.document.partMark.map { (byte: $0, format: format.name) }
        isOnLines = format.document.isOnLines
        marks = format.document.marks.map { Array($0.utf8) }
        name = format.name
    }

    func check(_ row: FeedRow, _ faults: inout [FeedFault]) {
        var index = 0
        while index < row.values.count {
            let column = Int(row.values[index].column)
            check(column, at: index, row, &faults)
            index += 1 + Int(row.values[index].parts)
        }
        for (column, instead) in required
        where !row.has(column) && !(instead.map(row.has) ?? false) {
            let name = attributes.names[column]
            // Given, and not fit to be: that is told already.
            guard !faults.contains(where: { $0.attribute == name }) else { continue }
            faults.append(FeedFault(name, .missing, "'\(name)' is missing"))
        }
        for demand in attributes.demands { check(demand, row, &faults) }
    }

    private func check(
        _ column: Int, at index: Int, _ row: FeedRow, _ faults: inout [FeedFault]
    ) {
        let asked = attributes.asked[column]
        let name = asked.name
        if row.first[column] == Int32(index) {
            count(asked.attribute.most, name, index, row, &faults)
        }
        guard let parts = asked.parts else {
            if let fault = row.withBytes(index, { fault(name, $0, asked) }) {
                faults.append(fault)
            }
            return
        }
        for place in (index + 1)..<(index + 1 + Int(row.values[index].parts)) {
            let part = Int(row.values[place].column)
            let label = "\(name).\(parts[part].name)"
            if let mark, row.withBytes(place, { $0.contains(mark.byte) }) {
                faults.append(
                    FeedFault(
                        name, .characters,
                        "'\(label)' holds a colon, which no part can hold in \(mark.format)"))
            }
            if var fault = row.withBytes(place, { fault(label, $0, parts[part]) }) {
                fault.attribute = name
                faults.append(fault)
                return
            }
        }
        for (place, part) in parts.enumerated()
        where part.attribute.isRequired && row.part(place, of: index) == nil {
            faults.append(FeedFault(name, .missing, "'\(name).\(part.name)' is missing"))
            return
        }
    }

    private func count(
        _ most: Int, _ name: String, _ index: Int, _ row: FeedRow,
        _ faults: inout [FeedFault]
    ) {
        guard row.index(Int(row.values[index].column), most) != nil else { return }
        let times = most == 1 ? "once" : "\(most) times at most"
        faults.append(FeedFault(name, .repeated, "'\(name)' may be given \(times)"))
    }

    // MARK: Attributes together

    private func check(_ demand: FeedDemand, _ row: FeedRow, _ faults: inout [FeedFault]) {
        switch demand {
        case .anyOf(let columns):
            guard !columns.contains(where: row.has) else { return }
            let names = columns.map { "'\(attributes.names[$0])'" }.joined(separator: " or ")
            faults.append(
                FeedFault(
                    attributes.names[columns[0]], .missing, "\(names) is missing; one will do"))
        case .allOf(let columns):
            let missing = columns.filter { !row.has($0) }
            guard !missing.isEmpty, missing.count < columns.count else { return }
            let name = attributes.names[missing[0]]
            let other = columns.first(where: row.has).map { attributes.names[$0] } ?? ""
            faults.append(
                FeedFault(name, .missing, "'\(name)' is missing; it goes with '\(other)'"))
        case .needs(let column, let when, let words):
            guard !row.has(column), let index = row.index(when) else { return }
            let word = row.text(index)
            guard words.contains(word) else { return }
            let (name, other) = (attributes.names[column], attributes.names[when])
            faults.append(
                FeedFault(name, .missing, "'\(name)' is missing; \(other) '\(word)' needs it"))
        }
    }

    // MARK: One text

    private func fault(
        _ name: String, _ text: UnsafeBufferPointer<UInt8>, _ asked: Asked
    ) -> FeedFault? {
        if let mark = marks.first(where: { text.holds($0) }) {
            return FeedFault(
                name, .characters,
                "'\(name)' holds '\(String(decoding: mark, as: UTF8.self))', which no text can hold in "
                    + self.name)
        }
        if let charset = asked.attribute.charset, let scalar = charset.unfit(in: text) {
            return FeedFault(name, .characters, charset.message("'\(name)'", scalar))
        }
        if let most = asked.attribute.bytes, text.count > most {
            return FeedFault(
                name, .tooLong, "'\(name)' has \(text.count) bytes; at most \(most) are allowed")
        }
        if let most = asked.attribute.characters, text.count > most {
            let count = text.count { $0 & 0xC0 != 0x80 }
            if count > most {
                return FeedFault(
                    name, .tooLong, "'\(name)' has \(count) characters; at most \(most) are allowed"
                )
            }
        }
        if asked.attribute.kind == .id {
            let isOdd =
                isOnLines && text.contains(UInt8(ascii: "\t"))
                || text.contains(where: { $0 < 0x0E || $0 == 0xC2 || $0 == 0xE2 })
                    && String(decoding: text, as: UTF8.self).contains(where: \.isNewline)
            if isOdd { return .odd(name) }
        } else if let fault = asked.attribute.kind.fault(
            name, text, asked.attribute.spelling)
        {
            return otherCurrency(name, text, asked) ?? fault
        }
        return wordFault(name, text, asked)
    }

    /// A price that was left as it is.
    private func otherCurrency(
        _ name: String, _ text: UnsafeBufferPointer<UInt8>, _ asked: Asked
    ) -> FeedFault? {
        guard let currency = asked.currency, FeedAttribute.Kind.isAmount(text) else { return nil }
        return FeedFault(
            name, .format,
            "'\(name)' is '\(String(decoding: text, as: UTF8.self))'; the channel takes prices in "
                + currency)
    }

    private func wordFault(
        _ name: String, _ text: UnsafeBufferPointer<UInt8>, _ asked: Asked
    ) -> FeedFault? {
        guard asked.hasWords else { return nil }
        let attribute = asked.attribute
        let word = String(decoding: text, as: UTF8.self)
        if !attribute.words.isEmpty, !attribute.words.contains(word) {
            return FeedFault(
                name, .notListed,
                "'\(name)' is '\(word.excerpt)'; it must be "
                    + attribute.words.joined(separator: ", "))
        }
        if let pattern = attribute.pattern, let regex = patterns[pattern],
            (try? regex.wholeMatch(in: word)) == nil
        {
            return FeedFault(
                name, .format, "'\(name)' is '\(word.excerpt)'; it must look like \(pattern)")
        }
        guard let table = attribute.tables.first(where: { $0[word] == nil }) else { return nil }
        return FeedFault(
            name, .notListed,
            "'\(name)' is '\(word.excerpt)', for which the channel has no word; there are "
                + table.codes.keys.sorted().joined(separator: ", "))
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func holds(_ mark: [UInt8]) -> Bool {
        var rest = self[...]
        while let found = rest.firstIndex(of: mark[0]) {
            rest = rest[found...]
            if rest.starts(with: mark) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}

extension String {
    /// Enough of a text to know it again.
    var excerpt: String { count > 60 ? prefix(60) + "…" : self }
}
