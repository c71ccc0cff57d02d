private import Glibc
private import Host
private import Model

/// One edition on its way to the disk.
package struct Staging {
    private let path: String
    private let format: any FeedFormat

    /// - Parameter path: where the finished edition is to be, named by `EditionName`; `.unchecked`
    ///   beside it is ours too.
    package init(path: String, format: any FeedFormat) {
        self.path = path
        self.format = format
    }

    /// Writes, checks and names an edition. Blocks on the disk: call it on a lane. Memory does not
    /// grow with the items, except for their ids, which must be unique.
    /// - Parameters:
    ///   - outline: has every attribute that an item will have.
    ///   - next: hands out one item after the other, nil at the end.
    ///   - omitting: is told of every item that is left out.
    package func stage(
        _ outline: FeedOutline, _ next: () throws -> FeedItem?,
        omitting: (Staged.Omission) throws -> Void = { _ in }
    ) throws(FeedError) -> Staged {
        let unchecked = path + ".unchecked"
        do throws(FeedError) {
            let staged = try write(to: unchecked, outline, next, omitting)
            try host { () throws(HostError) in try Files.rename(unchecked, to: path) }
            CrashPoint.reach("edition.staged")
            return staged
        } catch {
            unlink(unchecked)
            throw error
        }
    }

    /// An edition without pictures that are gone, and without the items that need them: everything
    /// else as it stands in the other, whatever has become of it since.
    /// - Parameter isGone: asked of each picture's address.
    package func stage(
        reducing old: String, _ isGone: (String) -> Bool
    ) throws(FeedError) -> Staged {
        let edition: StoredEdition
        let outline: FeedOutline
        do {
            edition = try StoredEdition(old)
            // A format that says nothing at its head asks for nothing there either.
            outline =
                if edition.format.name == format.name {
                    edition.reader.outline ?? FeedOutline()
                } else {
                    try StoredEdition.outline(old)
                }
        } catch {
            throw FeedError("cannot read '\(old)' again: \(error)", remedy: .fixHost)
        }
        let attributes = edition.format.attributes
        return try stage(outline) {
            while var item = try edition.reader.next() {
                if item.needs(isGone, attributes) { continue }
                item.fields.removeAll { field in
                    guard case .picture(let picture) = field.value else { return false }
                    return isGone(picture.address)
                }
                return item
            }
            return nil
        }
    }

    private func write(
        to unchecked: String, _ outline: FeedOutline, _ next: () throws -> FeedItem?,
        _ omitting: (Staged.Omission) throws -> Void
    ) throws(FeedError) -> Staged {
        let file = try host { () throws(HostError) in
            try Files.remove(unchecked)
            return try OpenFile.open(unchecked, O_RDWR | O_CREAT | O_EXCL)
        }
        var tally = EditionTally(format.attributes)
        let dropped: Int
        do {
            dropped = try format.write(outline, to: file.descriptor) {
                try admitted(next, omitting, &tally)
            }
        } catch let fault as any DocumentFault {
            throw unstaged(fault)
        } catch {
            throw FeedError(
                "cannot gather the items of '\(path)': \(error)", remedy: .retry(after: nil))
        }
        try host { () throws(HostError) in try file.synchronize() }
        CrashPoint.reach("edition.written")
        try readBack(file.descriptor, expecting: tally.meant)
        lseek(file.descriptor, 0, SEEK_SET)
        let digest = try host { () throws(HostError) in try Files.digest(file) }
        let edition = Edition(
            path: path, sha256: digest.sha256, bytes: digest.bytes, items: tally.meant.items,
            dropped: dropped)
        return tally.staged(edition)
    }

    /// The next item that the channel would take.
    private func admitted(
        _ next: () throws -> FeedItem?, _ omitting: (Staged.Omission) throws -> Void,
        _ tally: inout EditionTally
    ) throws -> FeedItem? {
        while let item = try next() {
            var faults = format.check(item)
            if faults.isEmpty, let fault = tally.claim(item) { faults = [fault] }
            if faults.isEmpty {
                tally.admit(item)
                return item
            }
            tally.omit(item, faults)
            try omitting(Staged.Omission(sku: item.sku, faults: faults))
        }
        return nil
    }

    /// The bytes are read again from the file, by a reader that shares nothing with the writer.
    private func readBack(
        _ descriptor: Int32, expecting meant: EditionContents
    ) throws(FeedError) {
        lseek(descriptor, 0, SEEK_SET)
        var found = EditionContents(format.attributes)
        do {
            let reader = try type(of: format).read(descriptor)
            while let item = try reader.next() { found.add(item) }
        } catch let fault as any DocumentFault {
            throw unstaged(fault)
        } catch {
            throw FeedError("cannot stage the feed '\(path)': \(error)", remedy: .fixHost)
        }
        guard found != meant else { return }
        let what =
            found.items == meant.items
            ? "its ids or image addresses differ" : "\(found.items) items instead of \(meant.items)"
        throw FeedError(
            "'\(path)' does not read back as it was written: \(what); the disk or memory of this "
                + "machine may be failing", remedy: .retry(after: nil))
    }

    private func unstaged(_ fault: any DocumentFault) -> FeedError {
        FeedError("cannot stage the feed '\(path)': \(fault)", remedy: fault.remedy)
    }

    private func host<Value: ~Copyable>(
        _ body: () throws(HostError) -> Value
    ) throws(FeedError) -> Value {
        do throws(HostError) {
            return try body()
        } catch {
            throw FeedError("cannot stage the feed: \(error)", remedy: .fixHost)
        }
    }
}
