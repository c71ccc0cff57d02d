import Foundation
import Model
import Wire

/// One walk along an index.
struct ListQuery {
    private let table: String
    private let condition: String
    private let arguments: Arguments
    /// What the index orders by; together they tell rows apart.
    private let keys: [String]
    private let sku: String
    private let columns: String
    let entry: (Row) -> ListAnswer.Entry

    /// - Parameter sku: condition with one argument.
    init(
        _ table: String, index: String?, _ condition: String, _ arguments: Arguments,
        keys: [String], sku: String = "sku = ?", columns: String = "*",
        entry: @escaping (Row) -> ListAnswer.Entry
    ) {
        self.table = table + (index.map { " INDEXED BY \($0)" } ?? "")
        self.condition = condition
        self.arguments = arguments
        self.keys = keys
        self.sku = sku
        self.columns = columns
        self.entry = entry
    }

    func page(
        sku: String?, after key: String?, limit: Int, in database: Connection
    ) throws -> [Row] {
        let (sql, arguments) = statement(sku: sku, after: key, limit: limit)
        return try database.rows(sql, arguments)
    }

    /// How SQLite goes about it, for tests.
    func plan(sku: String?, in database: Connection) throws -> [String] {
        let (sql, arguments) = statement(sku: sku, after: nil, limit: 1)
        return try database.rows("EXPLAIN QUERY PLAN " + sql, arguments).map { $0["detail"] }
    }

    private func statement(
        sku wanted: String?, after key: String?, limit: Int
    ) -> (sql: String, arguments: Arguments) {
        var condition = condition
        var arguments = arguments
        if let wanted {
            condition += " AND \(sku)"
            arguments += [wanted]
        }
        if let key, let values = try? JSONDecoder().decode([String].self, from: Data(key.utf8)),
            values.count == keys.count
        {
            let marks = keys.map { _ in "?" }.joined(separator: ", ")
            condition += " AND (\(order)) > (\(marks))"
            arguments += Arguments(values)
        }
        return (
            "SELECT \(columns) FROM \(table) WHERE \(condition) ORDER BY \(order) LIMIT ?",
            arguments + [limit]
        )
    }

    func count(_ limit: Int, in database: Connection) throws -> Int {
        try database.first(
            Int.self, "SELECT COUNT(*) FROM (SELECT 1 FROM \(table) WHERE \(condition) LIMIT ?)",
            arguments + [limit]) ?? 0
    }

    /// Where the walk goes on.
    func key(of row: Row) -> String {
        let values = keys.map(row.text)
        return String(decoding: (try? JSONEncoder().encode(values)) ?? Data(), as: UTF8.self)
    }

    private var order: String { keys.joined(separator: ", ") }
}
