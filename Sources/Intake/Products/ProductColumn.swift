package import Model

/// A declared column of the product records: what it is called here, what it holds, and how it is
/// written where it comes from.
package struct ProductColumn: Sendable, Hashable {
    /// How the parts of a date follow one another; the year first is understood always.
    package enum DateForm: String, CaseIterable, Sendable {
        case yearFirst = "year-first"
        case dayFirst = "day-first"
        case monthFirst = "month-first"
    }

    /// What stands between whole and parts.
    package enum Decimal: String, CaseIterable, Sendable { case point, comma }

    package var name: String
    package var type: ColumnType
    /// What the file calls it: a header, or the path to it within an item; empty: by its name. Several
    /// are joined by a blank, as an amount and its currency.
    package var from: [String]
    package var decimal = Decimal.point
    /// The currency of a price that names none, the unit of a number that names none.
    package var unit: String?
    package var dates = DateForm.yearFirst
    /// Between the values of a list.
    package var separator = ","
    /// Words for true and false; empty: the usual ones.
    package var yes: [String] = []
    package var no: [String] = []

    package init(_ name: String, _ type: ColumnType, from: [String] = []) {
        (self.name, self.type, self.from) = (name, type, from)
    }

    /// What the file calls it.
    package var sources: [String] { from.isEmpty ? [name] : from }
}
