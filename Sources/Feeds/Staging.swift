package import Foundation
private import Glibc
import Host
package import Model

/// One edition on its way to the disk: its items first, by which the next one is compared, then the
/// documents that are made of them.
package struct Staging {
    private let path: String
    private let format: FeedFormat
    private let name: String
    private let now: Date

    /// - Parameters:
    ///   - path: where the finished edition is to be, named by `EditionName`; `.items` and `.partN`
    ///     beside it are ours too, and `.unchecked` of all.
    ///   - name: what the channel will call it, for documents that name each other.
    ///   - now: for documents that say when they were made.
    package init(
        path: String, format: FeedFormat, name: String = "feed",
        now: Date = Date(timeIntervalSince1970: 0)
    ) {
        (self.path, self.format, self.name, self.now) = (path, format, name, now)
    }

    /// The items of an edition whose documents another one has already, for that one.
    package static func keepItems(of path: String, for other: String) {
        try? Files.rename(ItemFile.path(path), to: ItemFile.path(other))
    }

    /// Takes away an edition that nobody needs any more.
    package static func remove(_ path: String) {
        for file in EditionParts.files(path) + [ItemFile.path(path), path] {
            try? Files.remove(file)
        }
    }

    /// Writes, checks and names an edition. Blocks on the disk: call it on a lane. Memory does not
    /// grow with the items, except for their ids, which must be unique.
    /// - Parameters:
    ///   - outline: has every attribute that an item will have.
    ///   - parts: at least so many documents beside the first: a channel keeps what it is not told of.
    ///   - earlier: editions that this one may be the same as but for the moment: then it is made as of
    ///     theirs.
    ///   - next: hands out one item after the other, nil at the end.
    ///   - omitting: is told of every item that is left out.
    package func stage(
        _ outline: FeedOutline, parts: Int = 0, earlier: [EarlierEdition] = [],
        _ next: () throws -> FeedItem?,
        omitting: (Staged.Omission) throws -> Void = { _ in }
    ) throws(FeedError) -> Staged {
        try stage(outline, parts, earlier, RowFilling(format), next, omitting)
    }

    private func stage(
        _ outline: FeedOutline, _ parts: Int, _ earlier: [EarlierEdition], _ filling: RowFilling,
        _ next: () throws -> FeedItem?, _ omitting: (Staged.Omission) throws -> Void
    ) throws(FeedError) -> Staged {
        var made: [String] = []
        do throws(FeedError) {
            var tally = EditionTally(format.attributes)
            let items = ItemFile.path(path)
            made.append(items)
            let begun = ContinuousClock.now
            let facts = try gather(
                items + ".unchecked", outline, filling, next, omitting, &tally)
            let gathering = ContinuousClock.now - begun
            var documents = DocumentStaging(
                format: format, outline: outline, facts: facts, name: name)
            documents.times.gathering = gathering
            let edition = try documents.write(
                path, atLeast: parts, from: items + ".unchecked", tally,
                earlier: earlier.first { format.saysWhen && $0.has(items + ".unchecked") })
            // The document with the edition's name comes last: without it the others are nothing.
            made += documents.files.reversed()
            documents.times.waiting = try Self.name(made)
            CrashPoint.reach("edition.staged")
            return tally.staged(edition, documents.times)
        } catch {
            for file in made + [path] { unlink(file + ".unchecked") }
            var number = 1
            while unlink(EditionParts.file(path, number) + ".unchecked") == 0 { number += 1 }
            throw error
        }
    }

    /// Gives files their names, once all of them are on the disk.
    /// - Returns: how long that was waited for.
    private static func name(_ files: [String]) throws(FeedError) -> Duration {
        let begun = ContinuousClock.now
        for file in files {
            try host { () throws(HostError) in
                try OpenFile.open(file + ".unchecked", O_RDONLY).synchronize()
            }
        }
        let waited = ContinuousClock.now - begun
        for file in files {
            try host { () throws(HostError) in try Files.rename(file + ".unchecked", to: file) }
        }
        return waited
    }

    /// An edition without pictures that are gone, and without the items that need them: everything
    /// else as it stands in the other, whatever has become of it since.
    /// - Parameters:
    ///   - parts: at least so many documents beside the first, as above.
    ///   - isGone: asked of each picture's address.
    package func stage(
        reducing old: String, parts: Int = 0, _ isGone: (String) -> Bool
    ) throws(FeedError) -> Staged {
        let items: StoredItems
        do {
            items = try StoredItems(old)
        } catch {
            throw FeedError("cannot read '\(old)' again: \(error)", remedy: .fixHost)
        }
        let filling = RowFilling(format, cleans: EditionName.format(of: old) != format.name)
        func next() throws -> FeedItem? {
            while try items.next() {
                if !items.needs(isGone) { return items.item(without: isGone) }
            }
            return nil
        }
        let parts = max(parts, EditionParts.files(old).count)
        return try stage(items.reader.outline, parts, [], filling, next, { _ in })
    }

    // MARK: Gathering

    private func gather(
        _ file: String, _ outline: FeedOutline, _ filling: RowFilling,
        _ next: () throws -> FeedItem?,
        _ omitting: (Staged.Omission) throws -> Void, _ tally: inout EditionTally
    ) throws(FeedError) -> EditionFacts {
        let open = try host { () throws(HostError) in
            try Files.remove(file)
            return try OpenFile.open(file, O_RDWR | O_CREAT | O_EXCL)
        }
        var filling = filling
        var row = FeedRow(columns: format.attributes.names.count)
        var tree = CategoryTree()
        do {
            var writer = try ItemFileWriter(format.attributes, outline, to: open.descriptor)
            while let item = try next() {
                var faults = filling.fill(&row, with: item)
                if faults.isEmpty, let fault = tally.claim(row) { faults = [fault] }
                guard faults.isEmpty else {
                    tally.omit(item.sku, faults)
                    try omitting(Staged.Omission(sku: item.sku, faults: faults))
                    continue
                }
                tally.admit(row)
                try writer.add(row)
                if let column = format.categories?.column, let index = row.index(column) {
                    tree.add(row.text(index))
                }
            }
            try writer.finish()
        } catch let fault as any DocumentFault {
            throw FeedError("cannot stage the feed '\(path)': \(fault)", remedy: fault.remedy)
        } catch let error as HostError {
            throw FeedError("cannot stage the feed '\(path)': \(error)", remedy: .fixHost)
        } catch {
            throw FeedError(
                "cannot gather the items of '\(path)': \(error)", remedy: .retry(after: nil))
        }
        return EditionFacts(
            now: EditionFacts.text(of: now), items: tally.items, categories: tree.all,
            categoryIDs: tree.ids)
    }
}

/// One that was made before.
package struct EarlierEdition: Sendable {
    let path: String
    let sha256: ContentHash
    /// The moment that its documents name.
    let madeAt: Date

    /// Nil where its name does not say when it was made.
    package init?(path: String, sha256: ContentHash) {
        guard let madeAt = EditionName.moment(of: path) else { return nil }
        (self.path, self.sha256, self.madeAt) = (path, sha256, madeAt)
    }

    /// Whether it was made of the very items of this file.
    func has(_ items: String) -> Bool {
        let own = ItemFile.path(path)
        guard Files.exists(own), Files.size(of: own) == Files.size(of: items) else { return false }
        let digests = try? (Files.digest(path: own).sha256, Files.digest(path: items).sha256)
        return digests.map { $0 == $1 } ?? false
    }
}

/// What is done to files while an edition is staged.
func host<Value: ~Copyable>(
    _ body: () throws(HostError) -> Value
) throws(FeedError) -> Value {
    do throws(HostError) {
        return try body()
    } catch {
        throw FeedError("cannot stage the feed: \(error)", remedy: .fixHost)
    }
}
