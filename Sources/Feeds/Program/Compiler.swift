import Foundation

/// What is known of an edition before its documents are written.
struct EditionFacts: Sendable {
    /// As RFC 3339 writes it, in UTC.
    var now = "1970-01-01T00:00:00Z"
    static func text(of moment: Date) -> String { moment.formatted(.iso8601) }
    var items = 0
    /// Names of the documents, where there are several.
    var parts: [String] = []
    var categories: [Category] = []
    /// `A > B > C`, and its number.
    var categoryIDs: [String: Int] = [:]

    /// A place in the tree of categories.
    struct Category: Sendable {
        var id: Int
        /// 0: none.
        var parent: Int
        var name: String
    }
}

/// Turns a format, the attributes that a profile gives, and what is known of an edition into a
/// program. What does not depend on an item is written here, once.
struct Compiler {
    let format: FeedFormat
    let outline: FeedOutline
    let facts: EditionFacts
    var program = Program()
    /// What is being compiled.
    var steps: [Step] = []
    var bytes: [UInt8] = []
    /// Nothing before this step may grow: something leads to it.
    private var label = 0
    /// Columns that the document places by name.
    private let placed: Set<Int>

    /// What the fields of a text stand for.
    struct Scope {
        /// The attribute of the loop.
        var column: Int?
        /// Where there is no loop, which of its values.
        var number: Int?
        var category: EditionFacts.Category?
        var part: String?
    }

    init(_ format: FeedFormat, _ outline: FeedOutline, _ facts: EditionFacts) {
        (self.format, self.outline, self.facts) = (format, outline, facts)
        let sources = format.document.elements.flatMap(\.texts).flatMap(\.references)
            .flatMap(\.sources)
        placed = Set(
            sources.compactMap { source in
                switch source {
                case .field(let column), .part(let column, _): column
                default: nil
                }
            })
        program.categories = facts.categoryIDs
    }

    static func compile(
        _ format: FeedFormat, _ outline: FeedOutline, _ facts: EditionFacts
    ) -> Program {
        var compiler = Compiler(format, outline, facts)
        switch format.document {
        case .xml(let root): compiler.document(root)
        case .table(let table): compiler.document(table)
        case .lines(let members): compiler.document(members)
        }
        return compiler.program
    }

    // MARK: Steps

    mutating func literal(_ text: String) {
        let lower = bytes.count
        bytes += text.utf8
        if case .bytes(let start, let end)? = steps.last, end == lower,
            steps.count > label
        {
            steps[steps.count - 1] = .bytes(
                lower: start, upper: bytes.count)
        } else {
            steps.append(.bytes(lower: lower, upper: bytes.count))
        }
    }

    mutating func between(_ text: String) {
        let lower = bytes.count
        bytes += text.utf8
        steps.append(.between(lower: lower, upper: bytes.count))
    }

    /// A step that leads on to where `land` is called with what this returns.
    mutating func leap(_ step: (Int) -> Step) -> Int {
        steps.append(step(-1))
        return steps.count - 1
    }

    /// Steps that were to lead somewhere lead here.
    mutating func land(_ leaps: [Int]) {
        let here = steps.count
        label = here
        for index in leaps {
            steps[index] = steps[index].leading(to: here)
        }
    }

    /// What was compiled since `head` is what an item is made of.
    mutating func endPass(
        head: [UInt8], separator: String = "", once: Int? = nil, has: Int? = nil
    ) {
        program.passes.append(
            Program.Pass(
                head: head, steps: steps, constants: bytes, separator: Array(separator.utf8),
                once: once, has: has))
        (steps, bytes, label) = ([], [], 0)
    }

    /// What was compiled so far, which must be constant, and forgets it.
    mutating func constants() -> [UInt8] {
        var constants: [UInt8] = []
        for step in steps {
            if case .bytes(let lower, let upper) = step { constants += bytes[lower..<upper] }
            if case .uncomma = step, constants.last == UInt8(ascii: ",") { constants.removeLast() }
        }
        (steps, bytes, label) = ([], [], 0)
        return constants
    }

    // MARK: Texts

    /// Attributes that stand nowhere else, in the order of the profile.
    func unplaced(_ fields: Element.Fields) -> [(column: Int, outline: FeedOutline.Column)] {
        outline.columns.compactMap { column in
            guard let index = format.attributes.column(column.name), !placed.contains(index),
                !fields.without.contains(column.name)
            else { return nil }
            return (index, column)
        }
    }

    /// The texts of an attribute as they stand among the others.
    func plain(_ column: Int) -> FeedText {
        let filters = format.attributes.list[column].code.map { [TextFilter.codes($0)] } ?? []
        return FeedText(parts: [
            .value(FeedText.Reference(sources: [.field(column)], filters: filters))
        ])
    }

    func operand(_ reference: FeedText.Reference, _ scope: Scope) -> Operand? {
        let operands = reference.sources.compactMap { source -> Operand? in
            switch source {
            case .field(let column):
                guard scope.column == column else { return .nth(column: column, 0) }
                return scope.number.map { Operand.nth(column: column, $0) } ?? .current
            case .part(_, let part): return .part(part)
            case .ordinal where scope.number == nil: return .ordinal
            default: return nil
            }
        }
        return operands.count > 1 ? .either(program.alternatives.count) : operands.first
    }

    /// Registers what `operand` refers to.
    mutating func resolved(_ reference: FeedText.Reference, _ scope: Scope) -> Operand? {
        guard let operand = operand(reference, scope) else { return nil }
        if case .either = operand {
            program.alternatives.append(
                reference.sources.compactMap { source in
                    self.operand(
                        FeedText.Reference(sources: [source], filters: []), scope)
                })
        }
        return operand
    }

    /// Nil where it depends on the item.
    func constant(_ reference: FeedText.Reference, _ scope: Scope) -> String? {
        guard let source = reference.sources.first else { return "" }
        let text: String
        switch source {
        case .head(let key): text = format.head[key] ?? ""
        case .now: text = facts.now
        case .count: text = String(facts.items)
        case .categoryID: text = scope.category.map { String($0.id) } ?? ""
        case .categoryAbove: text = scope.category.map { String($0.parent) } ?? ""
        case .categoryParent:
            text = scope.category.flatMap { $0.parent > 0 ? String($0.parent) : nil } ?? ""
        case .categoryName: text = scope.category?.name ?? ""
        case .partName: text = scope.part ?? ""
        case .ordinal where scope.number != nil: text = String((scope.number ?? 0) + 1)
        default: return nil
        }
        return answered(reference.filters).reduce(text) { text, filter in
            var text = text
            var out: [UInt8] = []
            text.withUTF8 { filter.apply($0, into: &out, categories: program.categories) }
            return String(decoding: out, as: UTF8.self)
        }
    }

    /// Leads away where a field has no value.
    mutating func needs(_ text: FeedText, _ scope: Scope) -> [Int] {
        var leaps: [Int] = []
        for reference in text.references {
            if constant(reference, scope) != nil { continue }
            guard let operand = resolved(reference, scope) else { continue }
            if case .ordinal = operand { continue }
            leaps.append(leap { .need(operand, otherwise: $0) })
        }
        return leaps
    }

    /// Whether a constant in it is empty, so that what it stands in is left out.
    func lacks(_ text: FeedText, _ scope: Scope) -> Bool {
        text.references.contains { constant($0, scope)?.isEmpty == true }
    }

    mutating func write(
        _ text: FeedText, _ scope: Scope, _ escape: Escape, at path: String?
    ) {
        for part in text.parts {
            switch part {
            case .literal(let literal): self.literal(escape.constant(literal))
            case .value(let reference):
                if let constant = constant(reference, scope) {
                    literal(escape.constant(CleanBytes.clean(constant)))
                    continue
                }
                guard let operand = resolved(reference, scope) else { continue }
                steps.append(
                    .value(
                        operand, filters: filters(answered(reference.filters)), escape: escape,
                        witness: witness(reference, at: path)))
            }
        }
    }

    private func answered(_ filters: [TextFilter]) -> [TextFilter] {
        filters.map { $0.answered(format.head) }
    }

    private mutating func filters(_ filters: [TextFilter]) -> Int {
        guard !filters.isEmpty else { return -1 }
        if let index = program.filters.firstIndex(of: filters) { return index }
        program.filters.append(filters)
        return program.filters.count - 1
    }

    private mutating func witness(_ reference: FeedText.Reference, at path: String?) -> Int {
        guard let path, case .field(let column)? = reference.sources.first else { return -1 }
        return isWitnessed(column) ? witness(at: path) : -1
    }

    mutating func witness(at path: String) -> Int {
        if let index = program.witnesses.firstIndex(of: path) { return index }
        program.witnesses.append(path)
        return program.witnesses.count - 1
    }

    func isWitnessed(_ column: Int) -> Bool {
        let name = format.attributes.names[column]
        return name == format.attributes.identity || format.attributes.list[column].isPicture
    }
}

extension Step {
    func leading(to place: Int) -> Step {
        switch self {
        case .need(let operand, _): .need(operand, otherwise: place)
        case .close: .close(otherwise: place)
        case .loop(let column, let from, let most, _):
            .loop(column: column, from: from, most: most, otherwise: place)
        case .once: .once(otherwise: place)
        case .jump: .jump(place)
        default: self
        }
    }
}

extension Escape {
    func constant(_ text: String) -> String {
        guard let output = try? Output(-1, isPacked: false) else { return text }
        var text = text
        text.withUTF8 { append($0, to: output) }
        return String(
            decoding: UnsafeBufferPointer(start: output.bytes, count: output.count), as: UTF8.self)
    }
}

extension CleanBytes {
    static func clean(_ text: String) -> String {
        var text = text
        var out: [UInt8] = []
        _ = text.withUTF8 { append($0, to: &out) }
        return String(decoding: out, as: UTF8.self)
    }
}
