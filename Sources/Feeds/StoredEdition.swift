private import Glibc
import Host
private import Model

/// An edition that was staged before, in whichever format.
final class StoredEdition {
    let format: any FeedFormat.Type
    let reader: any EditionReader
    private let file: OpenFile

    init(_ path: String) throws {
        guard let format = EditionName.format(of: path) else {
            throw FeedError("'\(path)' is in no format that is known", remedy: .retry(after: nil))
        }
        let file = try OpenFile.open(path, O_RDONLY)
        self.format = format
        reader = try format.read(file.descriptor)
        self.file = file
    }

    /// Of every item there is, where the document does not say it.
    static func outline(_ path: String) throws -> FeedOutline {
        let edition = try StoredEdition(path)
        if let outline = edition.reader.outline { return outline }
        var outline = FeedOutline()
        while let item = try edition.reader.next() { outline.add(item) }
        return outline
    }
}
