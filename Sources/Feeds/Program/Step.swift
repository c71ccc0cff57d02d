/// What a document is made of once its format has been compiled: a flat list that is walked for each
/// item, without names, trees or strings.
enum Step: Sendable {
    /// Of the program's constants.
    case bytes(lower: Int, upper: Int)
    /// Goes on elsewhere where there is no value.
    case need(Operand, otherwise: Int)
    /// - Parameters:
    ///   - filters: a place in the program's lists of filters; -1: none.
    ///   - witness: where this stands in the document, if the reader looks for it; -1: it does not.
    case value(Operand, filters: Int, escape: Escape, witness: Int)
    /// Remembers this place in the output.
    case open
    /// Forgets what was written since the last `open`, and goes on elsewhere, if no value was.
    case close(otherwise: Int)
    /// Begins with a value of the column, or goes on elsewhere where there is none.
    case loop(column: Int, from: Int, most: Int, otherwise: Int)
    /// Goes back with the next value.
    case again(body: Int)
    /// Written from the second value on.
    case between(lower: Int, upper: Int)
    /// Goes on elsewhere from the second value on.
    case once(otherwise: Int)
    case jump(Int)
    /// Takes back the comma after the last member.
    case uncomma
    /// Begins a cell of a table.
    case cell
    /// - Parameter witness: as above, of the whole cell.
    case endCell(quoting: FeedDocument.Table.Quoting, witness: Int)
    /// Ends one of several rows.
    case endRow
    /// Begins one of several values in a cell, and ends it, quoted where it has to be.
    case item
    case endItem
}

/// Where a value is found in a row.
enum Operand: Sendable {
    case nth(column: Int, Int)
    /// Of the loop.
    case current
    case part(Int)
    case ordinal
    /// Of the program's alternatives: the first that has a value.
    case either(Int)
}

/// How a text is written, so that it stays one.
enum Escape: Sendable {
    case none
    case text, attribute, cdata
    case json, number
    /// True or false, as JSON has them.
    case flag
    /// On one line, for tables.
    case line
}

struct Program: Sendable {
    /// One way through all items.
    struct Pass: Sendable {
        /// Before the first item.
        var head: [UInt8] = []
        var steps: [Step] = []
        var constants: [UInt8] = []
        /// Between two items.
        var separator: [UInt8] = []
        /// Only the first item with each value of this column.
        var once: Int?
        /// Only items that have this column.
        var has: Int?
    }

    var passes: [Pass] = []
    var tail: [UInt8] = []
    var filters: [[TextFilter]] = []
    var alternatives: [[Operand]] = []
    /// Places where an id or a picture's address stands: as a reader finds them.
    var witnesses: [String] = []
    /// Of the elements that are items.
    var items: [String] = []
    var delimiter: [UInt8] = []
    /// Columns of several values, each quoted by itself.
    var rawColumns: Set<Int> = []
    /// An item has several rows, and each is counted.
    var endsRows = false
    var categories: [String: Int] = [:]
}
