package import Model
import YAML

/// `{product.asin}.PT{position:02}.{ext}`: literal text and fields.
package struct Template: Sendable, Hashable {
    package enum Part: Sendable, Hashable {
        case literal(String)
        case field(Field)
    }

    package struct Field: Sendable, Hashable {
        /// `sku`, `position`, `product.asin`.
        package var name: String
        /// Digits to pad a number to: `{position:02}`.
        package var width: Int?
        /// A built-in or a table of codes: `{view|gs1}`.
        package var filter: String?

        /// The product column, for `product.COLUMN`.
        package var column: String? {
            name.hasPrefix("product.") ? String(name.dropFirst("product.".count)) : nil
        }
    }

    static let gtin14 = "gtin14"
    /// See `Slug`.
    static let slug = "slug"
    /// No table of codes may be called so.
    static let filters = [gtin14, slug]

    /// As written.
    package var text: String
    package var parts: [Part]
    package var place: Place

    package var fields: [Field] {
        parts.compactMap { if case .field(let field) = $0 { field } else { nil } }
    }

    package func uses(_ names: String...) -> Bool { fields.contains { names.contains($0.name) } }
}

/// What a template may name where it stands.
struct TemplateScope {
    var fields: [String]
    var productColumns: [String]
    /// Table → view → code.
    var codes: [String: [String: String]]
    /// The views the template will be filled for.
    var views: [String]

    static let nameFields = [
        "sku", "view", "number", "variant", "season", "slot", "position", "hash", "ext", "channel",
    ]
    static let feedFields = ["sku", "channel"]
    static let numbers: Set<String> = ["number", "position"]

    func template(_ node: Node, _ label: String, _ reader: Reader) -> Template? {
        guard let text = reader.read(node, label, .identifier) else { return nil }
        var reading = TemplateReading(scope: self, place: node.place, reader: reader)
        let parts = reading.parts(text[...])
        return reading.failed ? nil : Template(text: text, parts: parts, place: node.place)
    }
}

private struct TemplateReading {
    let scope: TemplateScope
    let place: Place
    let reader: Reader
    private(set) var failed = false

    init(scope: TemplateScope, place: Place, reader: Reader) {
        self.scope = scope
        self.place = place
        self.reader = reader
    }

    mutating func parts(_ text: Substring) -> [Template.Part] {
        var parts: [Template.Part] = []
        var rest = text
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            if brace > rest.startIndex { parts.append(.literal(String(rest[..<brace]))) }
            guard rest[brace] == "{", let close = rest[brace...].firstIndex(of: "}") else {
                report("'\(text)' has a '\(rest[brace])' without its partner", "template")
                return parts
            }
            if let field = field(rest[rest.index(after: brace)..<close]) {
                parts.append(.field(field))
            }
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.literal(String(rest))) }
        return parts
    }

    /// `product.gtin|gtin14`, `position:02`
    private mutating func field(_ text: Substring) -> Template.Field? {
        let piped = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let head = piped[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var field = Template.Field(name: String(head[0]))
        guard check(name: field) else { return nil }
        if head.count > 1 { field.width = width(head[1], of: field.name) }
        if piped.count > 1 {
            field.filter = String(piped[1])
            check(filter: String(piped[1]), on: field)
        }
        return field
    }

    private mutating func check(name field: Template.Field) -> Bool {
        if let column = field.column {
            if scope.productColumns.isEmpty || scope.productColumns.contains(column) { return true }
            let hint = Spelling.hint(to: column, among: scope.productColumns)
            report("the products have no column '\(column)'\(hint)", "unknown-field")
            return false
        }
        if scope.fields.contains(field.name) { return true }
        let known = scope.fields + ["product.COLUMN"]
        let columns = scope.productColumns.map { "product.\($0)" }
        var hint = Spelling.hint(to: field.name, among: scope.fields + columns)
        if hint.isEmpty { hint = "; there are \(known.joined(separator: ", "))" }
        report("'{\(field.name)}' is no field here\(hint)", "unknown-field")
        return false
    }

    /// `02` pads with zeros; anything else would be a guess.
    private mutating func width(_ text: Substring, of name: String) -> Int? {
        guard TemplateScope.numbers.contains(name), text.first == "0",
            let width = Units.integer(String(text)), (1...9).contains(width)
        else {
            report(
                "'{\(name):\(text)}': only 'number' and 'position' take a width, such as "
                    + "'{position:02}'", "template")
            return nil
        }
        return width
    }

    private mutating func check(filter: String, on field: Template.Field) {
        if filter == Template.slug { return }
        if filter == Template.gtin14 {
            if field.column == nil && field.name != "sku" {
                report("'gtin14' pads a product's gtin, not '{\(field.name)}'", "template")
            }
            return
        }
        guard let table = scope.codes[filter] else {
            let hint = Spelling.hint(to: filter, among: Template.filters + scope.codes.keys)
            report("there is no table '\(filter)' under 'codes'\(hint)", "unknown-field")
            return
        }
        guard field.name == "view" else {
            report("'codes' tables hold codes for '{view}', not '{\(field.name)}'", "template")
            return
        }
        for view in scope.views where table[view] == nil {
            report("'codes: \(filter)' has no code for view '\(view)'", "no-code")
        }
    }

    private mutating func report(_ message: String, _ code: String) {
        failed = true
        reader.report(place, message, code: code)
    }
}
