package import Foundation
private import Glibc
package import Host
package import Model

/// A product table as it lies in the directory: a file, or the newest of those whose names differ by a
/// date only.
package struct ProductTable: Sendable, Hashable {
    /// The file's name with `*` for its date.
    package var name: String
    /// The file's name.
    package var file: String
    package var path: String
    /// Of two tables with the same SKU the newer counts: the day in the name, within it and where it names
    /// none when it changed.
    package var age: Date
    /// When it is from by its name, by which the newest of a series is found; where that says nothing, the
    /// day on which it changed.
    var named: Date
    /// When it was last touched.
    package var touched: Date
    /// Changes with the file.
    package var fingerprint: String
    /// Other members of its series, which nobody reads.
    package var older: [String] = []
    /// Its name speaks of a day that is still to come, so that it does not count.
    package var isAhead = false
    /// How it is written; nil where `fault` says why nobody can know.
    package var form: TableForm?
    /// Why it cannot be a table.
    package var fault: String?

    /// False while somebody may still be writing it. A change that lies further in the future than
    /// `settle` is a clock that was set.
    package func isSettled(at now: Date, settle: TimeInterval) -> Bool {
        let age = now.timeIntervalSince(touched)
        return age >= settle || age < -settle
    }
}

/// Why a table was not copied.
package enum StagingFault: Error, Sendable {
    /// It changed meanwhile.
    case unsettled
    case bad(Problem)
    /// Nothing is wrong with it: the disk is full, or all files are taken.
    case host(HostError)
}

/// Finds product tables, and copies one so that nobody writes it while it is read.
package enum ProductTables {
    /// What is the host's trouble and not the table's.
    private static let passing = [ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM, EIO]

    /// A day in a name that lies further ahead is somebody's slip.
    private static let ahead = 86_400.0

    /// The tables in a directory, by name. Hidden files are somebody's half-finished copy. Blocks on
    /// the disk.
    package static func find(
        in directory: String, as forms: TableForms, at now: Date
    ) throws(HostError) -> [ProductTable] {
        let stream = try DirectoryStream(directory)
        var series: [String: [ProductTable]] = [:]
        while let bytes = try stream.next() {
            let name = String(decoding: bytes, as: UTF8.self)
            guard !name.hasPrefix("."), let form = forms.form(of: name),
                let status = stream.status(of: bytes)
            else { continue }
            let table = table(name, form, status, in: directory, at: now)
            series[table.name, default: []].append(table)
        }
        return series.values.flatMap(counting).sorted { $0.name < $1.name }
    }

    /// Of a series the newest; of one of changes each is a table of its own.
    private static func counting(_ members: [ProductTable]) -> [ProductTable] {
        let sorted = members.sorted { ($0.named, $0.age, $0.file) > ($1.named, $1.age, $1.file) }
        guard var newest = sorted.first else { return [] }
        if newest.form?.extent == .changes {
            return sorted.map { table in
                var table = table
                table.name = table.file
                return table
            }
        }
        newest.older = sorted.dropFirst().map(\.file)
        return [newest]
    }

    private static func table(
        _ name: String, _ form: Result<TableForm, TableForms.Fault>, _ status: stat,
        in directory: String, at now: Date
    ) -> ProductTable {
        let dated = DatedName(name)
        let changed = Date(status.st_mtim)
        let counts = (try? form.get())?.order != .time
        let date = dated.date.flatMap { $0 > now.addingTimeInterval(ahead) ? nil : $0 }
        var table = ProductTable(
            name: dated.series, file: name, path: directory + "/" + name,
            age: changed, named: changed.midnight, touched: max(changed, Date(status.st_ctim)),
            fingerprint: fingerprint(status), fault: fault(status))
        if counts, let date {
            table.age = within(date, changed, table.touched)
            table.named = date
        }
        table.isAhead = counts && dated.date != nil && date == nil
        switch form {
        case .success(let form): table.form = form
        case .failure(let fault): table.fault = fault.text
        }
        return table
    }

    /// A name that says a day, and no time, is as old as its file says within that day: of two tables of one
    /// day the later counts. A day that had not come when the file did is another time zone's, or a slip:
    /// what is written after it is newer.
    private static func within(_ date: Date, _ changed: Date, _ touched: Date) -> Date {
        guard date == date.midnight else { return date }
        guard date <= touched else { return touched }
        let day = 86_400.0
        return min(max(date, changed), date.addingTimeInterval(day - 1))
    }

    private static func fault(_ status: stat) -> String? {
        guard status.st_mode & S_IFMT == S_IFREG else { return "it is not a regular file" }
        guard status.st_size > ProductReader.limit else { return nil }
        return "it is over \(ProductReader.limit >> 20) MB; split it"
    }

    private static func isNewer(_ one: ProductTable, _ other: ProductTable) -> Bool {
        (one.age, one.touched, one.file) > (other.age, other.touched, other.file)
    }

    private static func fingerprint(_ status: stat) -> String {
        "\(status.st_dev) \(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec)"
            + ".\(status.st_mtim.tv_nsec) \(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec)"
    }

    /// Copies the very file that was found, whole.
    package static func stage(
        _ table: ProductTable, to copy: String
    ) throws(StagingFault) -> ContentHash {
        do {
            let source = try OpenFile.open(table.path, O_RDONLY | O_NOFOLLOW)
            guard fingerprint(try source.status()) == table.fingerprint else {
                throw StagingFault.unsettled
            }
            let digest = try Files.replace(copy, durable: false) { target throws(HostError) in
                try Files.digest(source, limit: ProductReader.limit) { bytes throws(HostError) in
                    try target.write(bytes)
                }
            }
            guard fingerprint(try source.status()) == table.fingerprint else {
                throw StagingFault.unsettled
            }
            return digest.sha256
        } catch let fault as StagingFault {
            throw fault
        } catch let error as HostError where error.isAbsent {
            throw .unsettled
        } catch let error as HostError where passing.contains(error.errno) {
            throw .host(error)
        } catch {
            throw .bad(
                Problem(
                    Place(file: table.path, line: 1, column: 1), "\(error)", code: "unreadable"))
        }
    }

    /// What the tables say together, for looks at files without a daemon: the newest first, and what
    /// cannot be read is passed over.
    package static func products(in directory: String, as forms: TableForms) -> [Product] {
        let tables = (try? find(in: directory, as: forms, at: WallClock.system.now())) ?? []
        var products: [String: Product] = [:]
        // Only tables of changes have spoken of them so far.
        var unfinished: Set<String> = []
        var gone: Set<String> = []
        for table in tables.sorted(by: isNewer) where table.fault == nil {
            guard let file = try? OpenFile.open(table.path, O_RDONLY | O_NOFOLLOW),
                let form = table.form,
                let reader = try? ProductReader(file, path: table.path, form: form)
            else { continue }
            while let row = try? reader.next() {
                let sku = row.product.sku
                guard products[sku] == nil || unfinished.contains(sku), !gone.contains(sku)
                else { continue }
                if row.isDeletion {
                    // Older tables do not count; a newer one may have brought it back.
                    gone.insert(sku)
                    unfinished.remove(sku)
                    continue
                }
                products[sku, default: Product(sku: sku, fields: [:])].fields
                    .merge(row.product.fields) { mine, _ in mine }
                if form.extent == .changes {
                    unfinished.insert(sku)
                } else {
                    unfinished.remove(sku)
                }
            }
        }
        return products.values.sorted { $0.sku < $1.sku }
    }
}

extension Date {
    /// The beginning of its day, in UTC.
    fileprivate var midnight: Date {
        Date(timeIntervalSince1970: (timeIntervalSince1970 / 86_400).rounded(.down) * 86_400)
    }

    fileprivate init(_ time: timespec) {
        self.init(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }
}
