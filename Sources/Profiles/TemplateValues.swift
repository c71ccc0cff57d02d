import Model

/// Why a template cannot be filled.
enum Gap: Error {
    /// Something that should be known is not: a column, a season.
    case missing(String)
    /// It is known and cannot stand in a name; a sentence, and the field that would do.
    case unfit(String, field: String? = nil)
}

/// The values for a template's fields.
struct TemplateValues {
    var values: [String: String]
    var product: Product?
    var codes: [String: [String: String]]

    /// - Throws: `Gap` for the first field without a value.
    func fill(_ template: Template) throws(Gap) -> String {
        var text = ""
        for part in template.parts {
            switch part {
            case .literal(let literal): text += literal
            case .field(let field): text += try value(of: field)
            }
        }
        return text
    }

    /// As `fill`; a value may not bring in a further segment or leave the alphabet of names.
    func name(_ template: Template) throws(Gap) -> RemoteName {
        for field in template.fields {
            let text = try value(of: field)
            if text.utf8.allSatisfy(Self.isFit) { continue }
            let odd = text.first { !$0.utf8.allSatisfy(Self.isFit) } ?? " "
            throw .unfit(
                "'{\(field.name)}' is '\(text)', and '\(odd)' cannot stand in a name; "
                    + "names are made of A-Z, a-z, 0-9, '.', '_' and '-'",
                field: field.filter == nil ? "{\(field.name)|\(Template.slug)}" : nil)
        }
        let text = try fill(template)
        if let name = RemoteName(rawValue: text) { return name }
        let why =
            text.utf8.count > RemoteName.limit
            ? "is longer than \(RemoteName.limit) characters"
            : "has a part that is empty, holds '..' or begins with '.' or '-'"
        throw .unfit("the name '\(text)' \(why)")
    }

    static func isFit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "._-".utf8.contains(byte)
        }
    }

    private func value(of field: Template.Field) throws(Gap) -> String {
        let text = try plain(field)
        switch field.filter {
        case nil: return text
        case Template.gtin14: return try padded(gtin: text, field)
        case Template.slug:
            let slug = Slug.of(text)
            if !slug.isEmpty { return slug }
            throw .unfit("'{\(field.name)|slug}': '\(text)' has nothing that can stand in a name")
        case .some(let table):
            guard let code = codes[table]?[text] else {
                throw .missing("a code for view '\(text)' in the table '\(table)'")
            }
            return code
        }
    }

    private func plain(_ field: Template.Field) throws(Gap) -> String {
        if let column = field.column {
            guard let product else { throw .missing("a product record") }
            guard let text = product.fields[column], !text.isEmpty else {
                throw .missing("a value in the product column '\(column)'")
            }
            return text
        }
        guard let text = values[field.name], !text.isEmpty else {
            throw .missing("a \(field.name)")
        }
        let width = field.width ?? 0
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    private func padded(gtin text: String, _ field: Template.Field) throws(Gap) -> String {
        if let gtin = GTIN(rawValue: text) { return gtin.fourteen }
        let fault = GTIN.fault(in: text).map { " \($0)" } ?? " is no gtin"
        throw .unfit("'{\(field.name)}': '\(text)'\(fault)")
    }
}
