import Model

/// A piece of a document: an element of XML, a member of a JSON object, a column of a table.
struct Element: Sendable {
    enum Content: Sendable {
        case nothing
        case text(FeedText)
        case elements([Element])
        /// All attributes that a profile gives and that stand nowhere else, in the profile's order.
        case fields(Fields)
    }

    /// How a text is written: XML's CDATA, JSON's numbers and true or false.
    enum Form: String, Sendable { case text, cdata, number, flag }

    struct Fields: Sendable {
        var prefix = ""
        /// Those without the prefix.
        var plain: Set<String> = []
        /// Those that do not stand here.
        var without: Set<String> = []
        /// Between parts, where they stand in one column.
        var mark: UInt8?
    }

    /// What it is written for, several times.
    enum Each: Sendable, Hashable {
        case item
        /// Paths and their parents, of all items in the document.
        case category
        /// The documents of an edition that is split.
        case part
        /// The values of an attribute.
        case field(Int)
    }

    var name: String
    var content = Content.nothing
    var form = Form.text
    var attributes: [(name: String, text: FeedText)] = []
    var namespaces: [(prefix: String, uri: String)] = []
    var each: Each?
    /// With `each`: begins with this value, counted from 1, and takes at most so many.
    var from = 1
    var most: Int?
    /// With `each`: written once for each name, which then has one value.
    var names: [String] = []
    /// Between several values in one column; they are quoted one by one where `quotesEach`.
    var join: String?
    var quotesEach = false
    /// Written where it has no value too.
    var keepsEmpty = false
    /// A list of one.
    var isList = false
    /// Of an item: written only for the first with each value of this attribute.
    var once: Int?
    /// Of an item: written only where it has this attribute.
    var has: Int?
    var place: Place
}

/// A text with fields, as `{price|amount(comma)} Kč`.
struct FeedText: Sendable {
    enum Part: Sendable {
        case literal(String)
        case value(Reference)
    }

    struct Reference: Sendable {
        /// The first that has a value.
        var sources: [Source]
        var filters: [TextFilter]
    }

    enum Source: Sendable, Hashable {
        case field(Int)
        case part(Int, Int)
        case head(String)
        case now
        case count
        /// Which of several: 1, 2, 3.
        case ordinal
        /// `above` is 0 where there is none, and `parent` nothing.
        case categoryID, categoryParent, categoryAbove, categoryName
        case partName
    }

    var parts: [Part]

    var references: [Reference] {
        parts.compactMap { if case .value(let reference) = $0 { reference } else { nil } }
    }
}

/// How a format's documents look.
enum FeedDocument: Sendable {
    case xml(Element)
    case table(Table)
    case lines(Lines)

    struct Lines: Sendable {
        /// Of each item.
        var members: [Element]
        /// Where all items are one list in an object: what it is called there.
        var list: String?
        /// What stands in that object before it.
        var head: [Element]
    }

    struct Table: Sendable {
        enum Quoting: String, CaseIterable, Sendable { case never, needed, always }

        var delimiter: String
        var quoting: Quoting
        var end: String
        var hasHeader: Bool
        var hasMark: Bool
        var columns: [Element]
        /// One row for each value of this attribute; columns not named here stand in the first only.
        var rows: (each: Int, again: Set<String>)?
    }

    /// Between parts of a group in one column.
    var partMark: UInt8? {
        guard case .table(let table) = self else { return nil }
        for column in table.columns {
            if case .fields(let fields) = column.content { return fields.mark }
        }
        return nil
    }

    /// What no text may hold, for it would end there.
    var marks: [String] {
        guard case .table(let table) = self, table.quoting == .never else { return [] }
        return [table.delimiter, table.end].filter { $0 != "\t" && $0 != "\n" && $0 != "\r\n" }
    }

    /// A table in which nothing is quoted has one line for each item.
    var isOnLines: Bool { if case .table = self { true } else { false } }
}
