import Foundation
import GRDB

/// What the ledger's questions are asked on. They see this type and those below, never the engine's own,
/// so that another engine needs another `Engine` folder and no other question.
struct Connection {
    private let database: Database

    init(_ database: Database) { self.database = database }

    /// Carries out one statement.
    /// - Parameter isKept: the prepared statement is kept for the next time, as long as the connection.
    ///   Not for those that differ each time, by a list's length or by what is asked.
    func run(_ sql: String, _ arguments: Arguments = [], isKept: Bool = true) throws {
        try prepare(sql, isKept).execute(arguments: arguments.statement)
    }

    func rows(_ sql: String, _ arguments: Arguments = [], isKept: Bool = true) throws -> [Row] {
        try GRDB.Row.fetchAll(prepare(sql, isKept), arguments: arguments.statement).map(Row.init)
    }

    /// Hands out one row after the other, for answers longer than memory should hold.
    func each(
        _ sql: String, _ arguments: Arguments = [], _ body: (Row) throws -> Void
    ) throws {
        let rows = try GRDB.Row.fetchCursor(prepare(sql), arguments: arguments.statement)
        while let row = try rows.next() { try body(Row(row)) }
    }

    func row(_ sql: String, _ arguments: Arguments = []) throws -> Row? {
        try GRDB.Row.fetchOne(prepare(sql), arguments: arguments.statement).map(Row.init)
    }

    /// The first column of each row.
    func all<Value: ColumnValue>(
        _ type: Value.Type, _ sql: String, _ arguments: Arguments = []
    ) throws -> [Value] {
        try Value.fetchAll(prepare(sql), arguments: arguments.statement)
    }

    /// The first column of the first row; nil where there is none or it is NULL.
    func first<Value: ColumnValue>(
        _ type: Value.Type, _ sql: String, _ arguments: Arguments = []
    ) throws -> Value? {
        try Value.fetchOne(prepare(sql), arguments: arguments.statement)
    }

    func set<Value: ColumnValue & Hashable>(
        _ type: Value.Type, _ sql: String, _ arguments: Arguments = []
    ) throws -> Set<Value> {
        try Set(all(type, sql, arguments))
    }

    /// How many rows the last statement changed.
    var changes: Int { database.changesCount }

    /// How many rows were changed since the connection was opened.
    var allChanges: Int { database.totalChangesCount }

    var lastInsertedID: Int64 { database.lastInsertedRowID }

    /// An error undoes what `body` did, and nothing else.
    func savepoint(_ body: () throws -> Void) throws {
        try database.inSavepoint {
            try body()
            return .commit
        }
    }

    private func prepare(_ sql: String, _ isKept: Bool = true) throws -> Statement {
        isKept ? try database.cachedStatement(sql: sql) : try database.makeStatement(sql: sql)
    }
}

/// What stands for the question marks of a statement, in their order.
struct Arguments: ExpressibleByArrayLiteral {
    private var values: [(any ColumnValue)?]

    init(arrayLiteral values: (any ColumnValue)?...) { self.values = values }

    init(_ values: [some ColumnValue]) { self.values = values }

    static func + (one: Arguments, other: Arguments) -> Arguments {
        var sum = one
        sum += other
        return sum
    }

    static func += (one: inout Arguments, other: Arguments) { one.values += other.values }

    /// `?, ?, ?`
    static func marks(_ count: Int) -> String { databaseQuestionMarks(count: count) }

    fileprivate var statement: StatementArguments {
        StatementArguments(values.map { $0 as (any DatabaseValueConvertible)? })
    }
}

/// What a column holds, and what an argument may be.
protocol ColumnValue: DatabaseValueConvertible, StatementColumnConvertible, Sendable {}

extension String: ColumnValue {}
extension Int: ColumnValue {}
extension Int64: ColumnValue {}
extension Double: ColumnValue {}
extension Bool: ColumnValue {}

/// A row that was read. A column that is missing or of another type is a mistake of ours, and traps:
/// the tables are STRICT.
struct Row {
    private let row: GRDB.Row

    fileprivate init(_ row: GRDB.Row) { self.row = row }

    subscript<Value: ColumnValue>(column: String) -> Value { row[column] }

    subscript<Value: ColumnValue>(column: String) -> Value? { row[column] }

    func hasValue(_ column: String) -> Bool { !(row[column] as DatabaseValue).isNull }

    /// Whatever the column holds, as text; empty where it is NULL.
    func text(_ column: String) -> String {
        (row[column] as DatabaseValue).storage.value.map { "\($0)" } ?? ""
    }
}
