private import Foundation
package import Host

/// What a person says is done, in a file: a manifest without the lines that are not, as a spreadsheet saves
/// it, or names and SKUs, one a line.
package struct DoneList: Sendable, Hashable {
    package var items: [String] = []
    /// The manifests it names.
    package var manifests: Set<Int> = []

    package init(items: [String] = []) { self.items = items }

    package static func read(_ path: String) throws(HostError) -> DoneList {
        var dialect = TableForm.Dialect()
        // A single one at the beginning keeps a formula from being one.
        dialect.quote = UInt8(ascii: "\"")
        let rows = try CommaSeparated(try OpenFile.open(path, O_RDONLY), dialect)
        var list = DoneList()
        var columns: (file: Int, manifest: Int)?
        var isFirst = true
        while let row = try rows.next() {
            let fields = row.row.fields.map { row.row.text($0) ?? "" }
            if isFirst, let file = fields.firstIndex(of: "file"),
                let manifest = fields.firstIndex(of: "manifest")
            {
                columns = (file, manifest)
            } else {
                let index = columns?.file ?? 0
                if fields.indices.contains(index), !fields[index].isEmpty {
                    list.items.append(plain(fields[index]))
                }
                if let at = columns?.manifest, fields.indices.contains(at),
                    let number = Int(fields[at])
                {
                    list.manifests.insert(number)
                }
            }
            isFirst = false
        }
        return list
    }

    /// Manifests keep what looks like a formula from being one.
    private static func plain(_ text: String) -> String {
        guard text.first == "'", let next = text.dropFirst().first, "=+-@".contains(next) else {
            return text
        }
        return String(text.dropFirst())
    }
}
