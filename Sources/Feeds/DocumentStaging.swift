private import Foundation
private import Glibc
import Host
import Model
private import XML

/// Makes an edition's documents of its items: written, read again, and found to be what was meant.
struct DocumentStaging {
    let format: FeedFormat
    let outline: FeedOutline
    var facts: EditionFacts
    /// What the channel calls the edition.
    let name: String
    var times = Staged.Times()
    /// What was written; the first is the edition's.
    private(set) var files: [String] = []

    init(format: FeedFormat, outline: FeedOutline, facts: EditionFacts, name: String) {
        (self.format, self.outline, self.facts, self.name) = (format, outline, facts, name)
    }

    /// - Parameters:
    ///   - path: the edition's; the other documents lie beside it.
    ///   - parts: at least so many of them.
    ///   - items: the file of them.
    ///   - earlier: of the same items, so that the documents may be the same if they name its moment.
    mutating func write(
        _ path: String, atLeast parts: Int, from items: String, _ tally: EditionTally,
        earlier: EarlierEdition?
    ) throws(FeedError) -> Edition {
        if let earlier {
            let now = facts.now
            facts.now = EditionFacts.text(of: earlier.madeAt)
            let edition = try write(path, atLeast: parts, from: items, tally)
            if edition.sha256 == earlier.sha256 { return edition }
            facts.now = now
        }
        return try write(path, atLeast: parts, from: items, tally)
    }

    private mutating func write(
        _ path: String, atLeast parts: Int, from items: String, _ tally: EditionTally
    ) throws(FeedError) -> Edition {
        var digests = try documents(path, atLeast: parts, from: items)
        files = digests.indices.map { $0 == 0 ? path : EditionParts.file(path, $0) }
        if let root = format.split?.index {
            // It names the others, which are known by now.
            files.append(EditionParts.file(path, digests.count))
            facts.parts = EditionParts.names(name, count: digests.count, of: format)
            let index = Compiler.index(root, format, facts)
            let digest = try document(path, called: name) { output in
                output.append(index)
                try output.finish()
                return nil
            }
            digests.insert(digest, at: 0)
        }
        let names = EditionParts.names(name, count: format.beside.count, of: format)
        for (number, other) in format.beside.enumerated() {
            var staging = DocumentStaging(
                format: other, outline: outline, facts: facts, name: names[number])
            let file = EditionParts.file(path, number + 1)
            digests += try staging.documents(file, atLeast: 0, from: items)
            files.append(file)
            times.writing += staging.times.writing
            times.reading += staging.times.reading
        }
        return Edition(
            path: path, sha256: EditionParts.whole(digests.map(\.sha256)),
            bytes: digests.reduce(0) { $0 + $1.bytes }, items: tally.items, dropped: tally.dropped)
    }

    /// Those of the items, until all of them are written: the first is the edition's, where no index is.
    private mutating func documents(
        _ path: String, atLeast parts: Int, from items: String
    ) throws(FeedError) -> [Files.Digest] {
        let program = Compiler.compile(format, outline, facts)
        let source: SplitSource
        do {
            source = try SplitSource(items, format.attributes)
        } catch {
            throw unread(items, error)
        }
        let first = format.split?.index == nil ? 0 : 1
        var digests: [Files.Digest] = []
        repeat {
            let number = digests.count + first
            let called =
                number == 0
                ? name : EditionParts.names(name, count: number, of: format).last
            let file = number == 0 ? path : EditionParts.file(path, number)
            digests.append(
                try document(file, called: called ?? name, program) { [self] output in
                    try write(program, to: output, from: items, source)
                })
        } while format.split != nil && (source.hasMore || digests.count + first <= parts)
        return digests
    }

    /// Of several documents, one hash for all.
    private func unread(_ path: String, _ error: any Error) -> FeedError {
        FeedError("cannot read '\(path)': \(error)", remedy: .fixHost)
    }

    // MARK: One document

    /// - Parameters:
    ///   - called: by the channel.
    ///   - program: nil: it has no items.
    private mutating func document(
        _ file: String, called: String, _ program: Program? = nil,
        _ write: (Output) throws -> Witness?
    ) throws(FeedError) -> Files.Digest {
        let isWrapped = program != nil && format.isWrapped
        let open = try Self.open(file + (isWrapped ? ".plain.unchecked" : ".unchecked"))
        // Of no use to anybody else.
        if isWrapped { unlink(file + ".plain.unchecked") }
        let meant: Witness?
        let begun = ContinuousClock.now
        do {
            let isPacked = program != nil && format.isPacked
            meant = try write(Output(open.descriptor, isPacked: isPacked))
        } catch let fault as any DocumentFault {
            throw unstaged(file, fault)
        } catch {
            throw unread(file, error)
        }
        let written = ContinuousClock.now
        times.writing += written - begun
        CrashPoint.reach("edition.written")
        lseek(open.descriptor, 0, SEEK_SET)
        let found: Witness?
        do {
            found = try read(open.descriptor, program)
        } catch let fault as any DocumentFault {
            throw unstaged(file, fault)
        } catch {
            throw unread(file, error)
        }
        guard found == meant else { throw differs(file, meant, found) }
        lseek(open.descriptor, 0, SEEK_SET)
        let digest =
            isWrapped
            ? try wrapped(open, as: file, called)
            : try host { () throws(HostError) in try Files.digest(open) }
        times.reading += ContinuousClock.now - written
        return digest
    }

    private static func open(_ file: String) throws(FeedError) -> OpenFile {
        try host { () throws(HostError) in
            try Files.remove(file)
            return try OpenFile.open(file, O_RDWR | O_CREAT | O_EXCL)
        }
    }

    /// In the channel's encoding, and packed.
    private func wrapped(
        _ plain: borrowing OpenFile, as file: String, _ called: String
    ) throws(FeedError) -> Files.Digest {
        let open = try Self.open(file + ".unchecked")
        do {
            try format.wrapping(called).wrap(plain.descriptor, to: open.descriptor)
        } catch let fault as any DocumentFault {
            throw unstaged(file, fault)
        } catch {
            throw unread(file, error)
        }
        lseek(open.descriptor, 0, SEEK_SET)
        return try host { () throws(HostError) in try Files.digest(open) }
    }

    /// The bytes are read again from the file, by a reader that shares nothing with the writer.
    private func read(_ descriptor: Int32, _ program: Program?) throws -> Witness? {
        if let program { return try ReadBack.witness(descriptor, of: format, program) }
        let gleaning = try Gleaning(descriptor: descriptor, places: [], items: [], schema: nil)
        while try gleaning.next() != nil {}
        return nil
    }

    private func write(
        _ program: Program, to output: Output, from items: String, _ source: SplitSource
    ) throws -> Witness {
        let writer = ItemWriter(program, to: output)
        let limit = format.split?.bytes.map { $0 - Int64(program.tail.count) } ?? .max
        for (number, pass) in program.passes.enumerated() {
            writer.begin(pass)
            // What is split goes on where the last document ended, and has one pass.
            let source =
                number == 0 ? source : try SplitSource(items, format.attributes)
            var rest = format.split?.items ?? .max
            while rest > 0, source.hasMore {
                guard try writer.write(source.row, within: limit) else { break }
                try source.next()
                rest -= 1
            }
        }
        output.append(program.tail)
        try output.finish()
        return writer.witness
    }

    // MARK: Faults

    private func differs(_ file: String, _ meant: Witness?, _ found: Witness?) -> FeedError {
        let (meant, found) = (meant?.items ?? 0, found?.items ?? 0)
        let what =
            found == meant
            ? "its ids or image addresses differ" : "\(found) items instead of \(meant)"
        return FeedError(
            "'\(file)' does not read back as it was written: \(what); the disk or memory of this "
                + "machine may be failing", remedy: .retry(after: nil))
    }

    private func unstaged(_ file: String, _ fault: any DocumentFault) -> FeedError {
        FeedError("cannot stage the feed '\(file)': \(fault)", remedy: fault.remedy)
    }
}

/// The items of an edition, one of which is always at hand: a document may be full before it.
private final class SplitSource {
    private let reader: ItemFileReader
    private(set) var row: FeedRow
    private(set) var hasMore = true

    init(_ items: String, _ attributes: FeedAttributes) throws {
        reader = try ItemFileReader(items, as: attributes)
        row = FeedRow(columns: attributes.names.count)
        try next()
    }

    func next() throws { hasMore = try reader.next(into: &row) }
}
