internal import Glibc
internal import Host
internal import Intake
internal import Model
internal import Wire

/// What `check` finds in a product table.
struct TableReport: Encodable {
    var file: String
    /// Rows that can be used.
    var rows = 0
    /// Those of them that take their product out.
    var deletions = 0
    /// Why it cannot be read whole.
    var refused: Problem?
    /// Of each kind all are counted; not all need be told.
    var badRows = 0
    var badCells = 0
    var repeated = 0
    var missing: [String] = []
    var problems: [Problem] = []
    var notes: [Problem.Note] = []

    var isGood: Bool { refused == nil && badRows + badCells + repeated + missing.count == 0 }
    var untold: Int { badRows + badCells + repeated + missing.count - problems.count }

    /// Blocks on the disk.
    /// - Parameter isComplete: tells every mistake, not the first few of each kind.
    init(_ path: String, _ forms: TableForms, isComplete: Bool) {
        file = path
        do throws(Problem) {
            let form = try Self.form(of: path, forms)
            let file: OpenFile
            do throws(HostError) { file = try OpenFile.open(path, O_RDONLY) } catch {
                throw Self.problem(path, "\(error)", "unreadable")
            }
            let reader = try ProductReader(file, path: path, form: form, tellsAll: isComplete)
            defer { take(reader, form.extent) }
            while let row = try reader.next() {
                rows += 1
                if row.isDeletion { deletions += 1 }
            }
        } catch {
            refused = error
        }
    }

    private static func form(
        of path: String, _ forms: TableForms
    ) throws(Problem) -> TableForm {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        switch forms.form(of: name) {
        case .success(let form): return form
        case .failure(let fault): throw problem(path, fault.text, "no-form")
        case nil:
            throw problem(
                path,
                "its name says nothing of how it is written; name it below 'products: tables:'",
                "no-form")
        }
    }

    private static func problem(_ path: String, _ message: String, _ code: String) -> Problem {
        Problem(Place(file: path, line: 1, column: 1), message, code: code)
    }

    private mutating func take(_ reader: ProductReader, _ extent: TableForm.Extent) {
        let kinds = [reader.broken, reader.cells, reader.repeated]
        (badRows, badCells, repeated) = (kinds[0].count, kinds[1].count, kinds[2].count)
        // Columns that a table of changes does not have stay as they are.
        let lacking = reader.missing.filter {
            extent == .all || $0.key == TableForm.Deletion.name
        }
        missing = lacking.keys.sorted()
        let absent = lacking.sorted { $0.key < $1.key }.map(\.value)
        problems = (absent + kinds.flatMap(\.first)).sorted {
            ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column)
        }
        notes = reader.notes
    }

    // MARK: Text

    func lines(_ page: Page) -> [String] {
        var lines = (problems + (refused.map { [$0] } ?? [])).map(\.description)
        if untold > 0 { lines.append("… and \(Amount.number(untold)) more: --all tells them") }
        lines += notes.map { "\($0.place): note: \($0.message)" }
        let counts = [
            Amount.count(rows, "product"),
            deletions > 0 ? "\(Amount.number(deletions)) of them to be taken out" : nil,
            badRows > 0 ? "\(Amount.count(badRows, "row")) that cannot be used" : nil,
            badCells > 0 ? Amount.count(badCells, "bad cell") : nil,
            repeated > 0 ? "\(Amount.number(repeated)) twice" : nil,
            missing.isEmpty ? nil : Amount.count(missing.count, "missing column"),
            refused == nil ? nil : "cannot be read whole: it would not be taken",
        ].compactMap(\.self).joined(separator: ", ")
        return lines + ["\(page.light(isGood ? .green : .red)) \(file): \(counts)"]
    }
}
