private import Model
private import YAML

/// `{sku}_{season}_{view}`: how a file name is read when nothing else says. Only the SKU may hold
/// the signs that separate the fields, and a view must be one: what is left is one reading, or the
/// name is ambiguous and not guessed at.
package struct NamePattern: Sendable, Hashable {
    package enum Field: String, Sendable, CaseIterable {
        case sku, view, number, variant, season
        /// Something in the name that means nothing here.
        case any
    }

    package struct Reading: Sendable, Hashable {
        package var sku: String
        package var view: String
        package var number: Int
        package var variant: String
        package var season: String?
    }

    enum Outcome {
        case reading(Reading)
        /// Completes "the name …".
        case refused(String)
    }

    fileprivate enum Part: Hashable {
        case literal([UInt8])
        case field(Field)

        var asField: Field? {
            if case .field(let field) = self { field } else { nil }
        }
    }

    private typealias Fields = [Field: ArraySlice<UInt8>]

    package let text: String
    private let parts: [Part]

    /// - Throws: a sentence about the first mistake in the pattern.
    package init(_ text: String) throws(IntakeError) {
        self.text = text
        parts = try Self.parts(text)
        let fields = parts.compactMap(\.asField).filter { $0 != .any }
        guard fields.contains(.sku), fields.contains(.view) else {
            throw Self.error(text, "needs {sku} and {view}")
        }
        guard Set(fields).count == fields.count else {
            throw Self.error(text, "names a field twice")
        }
        for (left, right) in zip(parts, parts.dropFirst())
        where left.asField != nil && right.asField != nil {
            throw Self.error(text, "needs a sign between two fields, such as '_'")
        }
    }

    /// - Parameter stem: a file name without its ending.
    func read(_ stem: String, _ views: Views) -> Outcome {
        var all: [Fields] = []
        // Ten separators and four fields need a few hundred steps; a hostile name gets no more.
        var budget = 1_000
        match(parts[...], Array(stem.utf8)[...], [:], &all, &budget)
        guard !all.isEmpty else { return .refused("does not follow the pattern '\(text)'") }
        let readings = Set(all.compactMap { reading($0, views) })
        switch readings.count {
        case 1: return .reading(readings.first!)
        case 0: return .refused(whyNot(all, views))
        default:
            let skus = readings.map { "\($0.sku) \($0.view)" }.sorted().prefix(3)
            return .refused(
                "can be read in several ways: '\(skus.joined(separator: "', '"))'")
        }
    }

    /// No reading, though the shape fits: the view with the fewest signs is the likely one.
    private func whyNot(_ all: [Fields], _ views: Views) -> String {
        let found = all.compactMap { $0[.view] }.min { $0.count < $1.count } ?? []
        let view = String(decoding: found, as: UTF8.self)
        if views.resolve(view) == nil {
            return "names no known view: '\(view)'\(Spelling.hint(to: view, among: views.words))"
        }
        return "does not follow the pattern '\(text)': its number is not one"
    }

    private func reading(_ fields: Fields, _ views: Views) -> Reading? {
        func word(_ field: Field) -> String? {
            fields[field].map { String(decoding: $0, as: UTF8.self) }
        }
        guard let sku = word(.sku).flatMap(Sku.parse), let view = word(.view),
            let resolved = views.resolve(view)
        else { return nil }
        var number = resolved.number ?? 1
        if let digits = word(.number) {
            guard let counted = Units.integer(digits), (1...999).contains(counted) else {
                return nil
            }
            number = counted
        }
        return Reading(
            sku: sku, view: resolved.name, number: number, variant: word(.variant) ?? "",
            season: word(.season))
    }

    private func match(
        _ parts: ArraySlice<Part>, _ rest: ArraySlice<UInt8>, _ fields: Fields,
        _ found: inout [Fields], _ budget: inout Int
    ) {
        budget -= 1
        guard budget > 0 else { return }
        switch parts.first {
        case nil:
            if rest.isEmpty { found.append(fields) }
        case .literal(let literal):
            guard rest.starts(with: literal) else { return }
            match(parts.dropFirst(), rest.dropFirst(literal.count), fields, &found, &budget)
        case .field(let field):
            for end in ends(of: field, parts, rest) {
                let taken = fields.merging([field: rest[..<end]]) { $1 }
                match(parts.dropFirst(), rest[end...], taken, &found, &budget)
            }
        }
    }

    /// Where a field may end: before each next literal, or at the end of the name.
    private func ends(
        of field: Field, _ parts: ArraySlice<Part>, _ rest: ArraySlice<UInt8>
    ) -> [Int] {
        guard !rest.isEmpty else { return [] }
        var ends = [rest.endIndex]
        if case .literal(let literal) = parts.dropFirst().first {
            ends = (rest.startIndex + 1..<max(rest.startIndex + 1, rest.endIndex)).filter {
                rest[$0...].starts(with: literal)
            }
        }
        if field == .sku || field == .view { return ends }
        // Any later end would put the separator it stands before into the value.
        return ends.prefix(1).filter { !holdsSeparator(rest[..<$0]) }
    }

    private func holdsSeparator(_ value: ArraySlice<UInt8>) -> Bool {
        parts.contains { part in
            guard case .literal(let literal) = part else { return false }
            return value.indices.contains { value[$0...].starts(with: literal) }
        }
    }
}

extension NamePattern {
    private static func parts(_ text: String) throws(IntakeError) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.literal(Array(rest[..<open].utf8))) }
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw error(text, "has a '{' without its '}'")
            }
            let name = String(rest[rest.index(after: open)..<close])
            guard let field = Field(rawValue: name) else {
                let hint = Spelling.hint(to: name, among: Field.allCases.map(\.rawValue))
                throw error(text, "has no field '{\(name)}'\(hint)")
            }
            parts.append(.field(field))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.literal(Array(rest.utf8))) }
        return parts
    }

    private static func error(_ text: String, _ why: String) -> IntakeError {
        IntakeError("the naming pattern '\(text)' \(why)", remedy: .fixInput)
    }
}
