private import Glibc
private import Host
package import Model

/// What the shop's own records say about its products: every `*.csv` in a directory, one row a SKU.
/// Reading never fails; what could not be read is told with its place, and whether anything is
/// missing, because a product that is absent by mistake must not be taken off sale.
package struct ProductRecords: Sendable, Hashable {
    /// Problems that are told one by one.
    package static let told = 1000
    /// Bytes of one file.
    package static let limit: Int64 = 64 << 20

    /// In the order of file names and rows. `fields` holds `sku` and the declared columns that are
    /// not empty and hold what was declared.
    package private(set) var records: [Product] = []
    /// The first `told`.
    package private(set) var problems: [Problem] = []
    /// Problems beyond those.
    package private(set) var untold = 0
    /// Worth knowing, and no mistake: columns nobody declared.
    package private(set) var notes: [Problem.Note] = []
    /// False when a file or a row could not be read: the absence of a SKU then says nothing.
    package private(set) var isWhole = true

    private var seen: [String: Place] = [:]

    private init() {}

    /// Blocks on the disk: call it on a lane.
    /// - Parameter columns: the declared columns; `sku` is one of them, said or not.
    package static func read(directory: String, columns: [String: ColumnType]) -> ProductRecords {
        var all = ProductRecords()
        do throws(HostError) {
            let root = try OpenFile.open(directory, O_RDONLY | O_DIRECTORY)
            for name in try Files.names(in: directory).sorted() where isRecord(name) {
                all.readFile(name, in: root, columns)
            }
        } catch {
            all.miss(
                Problem(Place(file: directory, line: 1, column: 1), "\(error)", code: "unreadable"))
        }
        all.seen = [:]
        return all
    }

    /// Hidden files are somebody's half-finished copy.
    private static func isRecord(_ name: String) -> Bool {
        name.lowercased().hasSuffix(".csv") && !name.hasPrefix(".")
    }

    private mutating func readFile(
        _ name: String, in root: borrowing OpenFile, _ columns: [String: ColumnType]
    ) {
        let path = "\(root.path)/\(name)"
        let top = Place(file: path, line: 1, column: 1)
        do throws(HostError) {
            let file = try root.openBeneath(name)
            let status = try file.status()
            guard status.st_mode & S_IFMT == S_IFREG else {
                return miss(Problem(top, "'\(name)' is not a regular file", code: "not-a-file"))
            }
            guard status.st_size <= Self.limit else {
                return miss(
                    Problem(
                        top, "the file is over \(Self.limit >> 20) MB; split it", code: "too-big"))
            }
            var bytes = Array(try file.read(limit: Int(Self.limit)))
            if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
                return miss(
                    Problem(top, "the file is UTF-16; save it as 'CSV UTF-8'", code: "encoding"))
            }
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
            readRows(CommaSeparated(bytes), path, columns)
        } catch {
            miss(Problem(top, "\(error)", code: "unreadable"))
        }
    }

    private mutating func readRows(
        _ table: CommaSeparated, _ path: String, _ columns: [String: ColumnType]
    ) {
        var table = table
        guard let first = table.next(), let header = header(first, path, columns) else {
            return miss(
                Problem(
                    Place(file: path, line: 1, column: 1), "the header has no column 'sku'",
                    code: "no-sku-column"))
        }
        while let row = table.next() {
            do throws(Problem) {
                try header.checkShape(of: row)
                try add(header.record(row) { problem in report(problem) }, header.place(of: row))
            } catch {
                miss(error)
            }
        }
    }

    private mutating func add(_ record: Product, _ place: Place) throws(Problem) {
        if let first = seen[record.sku] {
            // The absence of nothing follows from it: the SKU is there.
            return report(
                Problem(
                    place, "sku '\(record.sku)' was given before; this row is left out",
                    code: "duplicate-sku",
                    notes: [Problem.Note(first, "the first one, which stays")]))
        }
        seen[record.sku] = place
        records.append(record)
    }

    private mutating func header(
        _ row: CommaSeparated.Row, _ path: String, _ columns: [String: ColumnType]
    ) -> RecordHeader? {
        let header = RecordHeader(row, path, columns)
        guard header.hasSKU else { return nil }
        for problem in header.problems { report(problem) }
        if let note = header.note { notes.append(note) }
        return header
    }

    /// Something could not be read.
    private mutating func miss(_ problem: Problem) {
        isWhole = false
        report(problem)
    }

    private mutating func report(_ problem: Problem) {
        if problems.count < Self.told { problems.append(problem) } else { untold += 1 }
    }
}
