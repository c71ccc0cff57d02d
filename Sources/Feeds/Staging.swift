private import Glibc
private import Host
package import Model
private import XML

/// One edition on its way to the disk.
package struct Staging {
    private let path: String
    private let head: FeedHead

    /// - Parameter path: where the finished edition is to be; `.unchecked` beside it is ours too.
    package init(path: String, head: FeedHead) {
        self.path = path
        self.head = head
    }

    /// Writes, checks and names an edition in Google's RSS. Blocks on the disk: call it on a lane.
    /// Memory does not grow with the items, except for their ids, which must be unique.
    /// - Parameters:
    ///   - next: hands out one item after the other, nil at the end.
    ///   - omitting: is told of every item that is left out.
    package func googleRSS(
        _ next: () throws -> FeedItem?, omitting: (Staged.Omission) throws -> Void = { _ in }
    ) throws(FeedError) -> Staged {
        let unchecked = path + ".unchecked"
        do throws(FeedError) {
            let staged = try write(to: unchecked, next, omitting)
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
    package func googleRSS(
        reducing old: String, _ isGone: (String) -> Bool
    ) throws(FeedError) -> Staged {
        var items: GoogleRSS.Items
        do {
            items = try GoogleRSS.Items(old)
        } catch {
            throw FeedError("cannot read '\(old)' again: \(error)", remedy: .fixHost)
        }
        return try googleRSS {
            while var item = try items.next() {
                if item.first("image_link").map(isGone) == true { continue }
                item.fields.removeAll { $0.name == "additional_image_link" && isGone($0.text) }
                return item
            }
            return nil
        }
    }

    package func googleRSS(_ items: some Sequence<FeedItem>) throws(FeedError) -> Staged {
        var rest = items.makeIterator()
        return try googleRSS { rest.next() }
    }

    private func write(
        to unchecked: String, _ next: () throws -> FeedItem?,
        _ omitting: (Staged.Omission) throws -> Void
    ) throws(FeedError) -> Staged {
        let file = try host { () throws(HostError) in
            try Files.remove(unchecked)
            return try OpenFile.open(unchecked, O_RDWR | O_CREAT | O_EXCL)
        }
        var tally = Tally()
        let dropped: Int
        do {
            dropped = try writeDocument(to: file.descriptor, &tally, next, omitting)
        } catch let error as XMLFault {
            throw error.asFeedError(path)
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

    private func writeDocument(
        to descriptor: Int32, _ tally: inout Tally, _ next: () throws -> FeedItem?,
        _ omitting: (Staged.Omission) throws -> Void
    ) throws -> Int {
        var document = try GoogleRSS.Document(descriptor: descriptor, head: head)
        while let item = try next() {
            var faults = GoogleRSS.check(item)
            if faults.isEmpty, let fault = tally.claim(item) { faults = [fault] }
            guard faults.isEmpty else {
                tally.omit(item, faults)
                try omitting(Staged.Omission(sku: item.sku, faults: faults))
                continue
            }
            try document.add(item)
            tally.meant.add(item)
        }
        return try document.finish()
    }

    /// The bytes are read again from the file, by a parser that shares nothing with the writer but
    /// the library.
    private func readBack(
        _ descriptor: Int32, expecting meant: Contents
    ) throws(FeedError) {
        lseek(descriptor, 0, SEEK_SET)
        let found: Contents
        do throws(XMLFault) {
            found = try GoogleRSS.read(descriptor)
        } catch {
            throw error.asFeedError(path)
        }
        guard found != meant else { return }
        let what =
            found.items == meant.items
            ? "its ids or image addresses differ" : "\(found.items) items instead of \(meant.items)"
        throw FeedError(
            "'\(path)' does not read back as it was written: \(what); the disk or memory of this "
                + "machine may be failing", remedy: .retry(after: nil))
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

extension XMLFault {
    fileprivate func asFeedError(_ path: String) -> FeedError {
        switch self {
        case .system: FeedError("cannot stage the feed '\(path)': \(self)", remedy: .fixHost)
        case .document, .library:
            FeedError("cannot stage the feed '\(path)': \(self)", remedy: .retry(after: nil))
        }
    }
}

/// The part of a document that must not be wrong: which items, which pictures, in which order.
/// A running hash, so that a million items compare in flat memory; good within one process only.
struct Contents: Equatable {
    private(set) var items = 0
    private var hasher = Hasher()

    mutating func startItem() {
        items += 1
        hasher.combine(items)
    }

    mutating func add(_ name: String, _ text: String) {
        hasher.combine(name)
        // Bytes, because equal strings may be spelled with other characters.
        var text = text
        text.withUTF8 { bytes in
            hasher.combine(bytes.count)
            hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
    }

    mutating func add(_ item: FeedItem) {
        startItem()
        for field in item.fields where GoogleRSS.identifying.contains(field.name) {
            if !field.isEmpty { add(field.name, field.text) }
        }
    }

    static func == (left: Self, right: Self) -> Bool {
        left.items == right.items && left.hasher.finalize() == right.hasher.finalize()
    }
}

/// Keeps account of what goes in and what stays out.
private struct Tally {
    var meant = Contents()
    private var ids: [String: String] = [:]
    private var omitted = 0
    private var omissions: [Staged.Omission] = []
    private var causes: [Staged.Cause: Int] = [:]

    /// The first item with an id has it.
    mutating func claim(_ item: FeedItem) -> FeedFault? {
        guard let id = item.fields.first(where: { $0.name == "id" })?.text else { return nil }
        if let holder = ids[id] {
            return FeedFault(
                "id", .duplicate, "'id' is '\(id)' as for sku '\(holder)'; ids must be unique")
        }
        ids[id] = item.sku
        return nil
    }

    mutating func omit(_ item: FeedItem, _ faults: [FeedFault]) {
        omitted += 1
        if omissions.count < Staged.told {
            omissions.append(Staged.Omission(sku: item.sku, faults: faults))
        }
        for cause in Set(faults.map { Staged.Cause($0.attribute, $0.code) }) {
            causes[cause, default: 0] += 1
        }
    }

    func staged(_ edition: Edition) -> Staged {
        Staged(edition: edition, omitted: omitted, omissions: omissions, causes: causes)
    }
}
