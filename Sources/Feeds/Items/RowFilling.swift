private import Model
private import YAML

/// Puts items into a row, and holds them to what the channel asks.
struct RowFilling {
    let attributes: FeedAttributes
    private let checks: RowChecks
    private let cleans: Bool
    /// Place of a field in the last item → its column: the next item has mostly the same.
    private var places: [(name: String, column: Int)] = []

    /// - Parameter cleans: false for texts that were cleaned by this format before: a text that is told
    ///   to be without HTML may look like it.
    init(_ format: FeedFormat, cleans: Bool = true) {
        self.cleans = cleans
        attributes = format.attributes
        checks = RowChecks(format)
    }

    /// - Returns: what the channel would refuse the item for; the row is good where there is none.
    mutating func fill(_ row: inout FeedRow, with item: FeedItem) -> [FeedFault] {
        var faults = take(item.fields, into: &row, cleans && !item.isClean)
        row.sku = item.sku
        checks.check(row, &faults)
        return faults
    }

    private mutating func take(
        _ fields: [FeedItem.Field], into row: inout FeedRow, _ cleans: Bool
    ) -> [FeedFault] {
        row.clear()
        var faults: [FeedFault] = []
        var last = -1
        for (place, field) in fields.enumerated() {
            guard let column = column(field.name, at: place) else {
                if !field.value.isEmpty { faults.append(unknown(field.name)) }
                continue
            }
            // Values of one attribute stand together, in whatever order they come.
            if column != last, row.has(column) { return take(gathered(fields), into: &row, cleans) }
            let dropped = row.dropped
            let asked = attributes.asked[column]
            add(field, column, asked, to: &row, cleans, &faults)
            last = column
            if row.dropped > dropped, asked.attribute.kind == .id, asked.parts == nil {
                faults.append(.odd(field.name))
            }
        }
        return faults
    }

    private mutating func column(_ name: String, at place: Int) -> Int? {
        if place < places.count, places[place].name == name { return places[place].column }
        guard let column = attributes.column(name) else { return nil }
        if place < places.count {
            places[place] = (name, column)
        } else if place == places.count {
            places.append((name, column))
        }
        return column
    }

    private func gathered(_ fields: [FeedItem.Field]) -> [FeedItem.Field] {
        var places: [String: Int] = [:]
        for field in fields where places[field.name] == nil { places[field.name] = places.count }
        return fields.enumerated().sorted {
            (places[$0.element.name] ?? 0, $0.offset) < (places[$1.element.name] ?? 0, $1.offset)
        }.map(\.element)
    }

    private func add(
        _ field: FeedItem.Field, _ column: Int, _ asked: Asked,
        to row: inout FeedRow, _ cleans: Bool,
        _ faults: inout [FeedFault]
    ) {
        guard !field.value.isEmpty else { return }
        switch (asked.parts, field.value) {
        case (let parts?, .group(let fields)):
            var taken: [(part: Int, text: String, filters: [TextFilter])] = []
            for part in fields where !part.value.isEmpty {
                guard let index = asked.attribute.part(part.name) else {
                    let guess = Spelling.hint(to: part.name, among: parts.map(\.name))
                    faults.append(
                        FeedFault(
                            field.name, .unknown,
                            "'\(field.name)' has no part '\(part.name)'\(guess)"))
                    continue
                }
                let filters = cleans ? parts[index].filters : []
                taken.append((index, part.value.text ?? "", filters))
            }
            _ = row.add(column, parts: taken)
        case (let parts?, _):
            let names = parts.map(\.name).joined(separator: ", ")
            faults.append(
                FeedFault(field.name, .format, "'\(field.name)' is made of parts: \(names)"))
        case (nil, .group):
            faults.append(
                FeedFault(
                    field.name, .format, "'\(field.name)' is one text, and not made of parts"))
        case (nil, _):
            let filters = cleans ? asked.filters : []
            _ = row.add(column, text: field.value.text ?? "", filters)
        }
    }

    private func unknown(_ name: String) -> FeedFault {
        if attributes.notBuilt.contains(name) {
            return FeedFault(name, .notBuilt, "'\(name)' cannot be written yet")
        }
        let guess = Spelling.hint(to: name, among: attributes.all.keys)
        return FeedFault(name, .unknown, "'\(name)' is no attribute of this format\(guess)")
    }
}

extension FeedAttribute {
    /// What is done to a text of it before it is looked at.
    var filters: [TextFilter] {
        guard let charset, charset.unfit != .refuse else { return spelled }
        return spelled + [.fit(charset)]
    }

    private var spelled: [TextFilter] {
        guard isAddress else { return clean }
        switch spelling {
        case .ascii, .plain: return clean
        case .encode: return clean + [.encode]
        case .decode: return clean + [.decode]
        }
    }
}

extension FeedFault {
    static func odd(_ name: String) -> FeedFault {
        FeedFault(name, .characters, "'\(name)' holds characters that cannot be sent")
    }
}
