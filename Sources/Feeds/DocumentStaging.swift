private import Foundation
private import Glibc
import Host
import Model
private import XML

/// Makes an edition's documents of its items: written, on the disk, read again, and found to be what
/// was meant.
struct DocumentStaging {
    let format: FeedFormat
    let outline: FeedOutline
    var facts: EditionFacts
    var times = Staged.Times()

    /// - Parameters:
    ///   - files: what the documents will be called; the first is the edition's.
    ///   - items: the file of them.
    ///   - earlier: of the same items, so that the documents may be the same if they name its moment.
    mutating func write(
        _ files: [String], from items: String, _ tally: EditionTally, earlier: EarlierEdition?
    ) throws(FeedError) -> Edition {
        if let earlier {
            let now = facts.now
            facts.now = EditionFacts.text(of: earlier.madeAt)
            let edition = try write(files, from: items, tally)
            if edition.sha256 == earlier.sha256 { return edition }
            facts.now = now
        }
        return try write(files, from: items, tally)
    }

    private mutating func write(
        _ files: [String], from items: String, _ tally: EditionTally
    ) throws(FeedError) -> Edition {
        var documents = format.beside.isEmpty ? files[...] : files[..<1]
        var digests: [Files.Digest] = []
        if let root = format.split?.index, let first = documents.popFirst() {
            let index = Compiler.index(root, format, facts)
            digests.append(
                try document(first) { output in
                    output.append(index)
                    try output.finish()
                    return nil
                })
        }
        let program = Compiler.compile(format, outline, facts)
        let source: ItemFileReader
        do {
            source = try ItemFileReader(items, as: format.attributes)
        } catch {
            throw unread(items, error)
        }
        for file in documents {
            digests.append(
                try document(file, program) { [self] output in
                    try write(program, to: output, from: items, source)
                })
        }
        for (file, format) in zip(files.dropFirst(), format.beside) {
            var other = DocumentStaging(format: format, outline: outline, facts: facts)
            let edition = try other.write([file], from: items, tally)
            digests.append(Files.Digest(sha256: edition.sha256, bytes: edition.bytes))
            times.writing += other.times.writing
            times.reading += other.times.reading
        }
        return Edition(
            path: files[0], sha256: Self.whole(digests.map(\.sha256)),
            bytes: digests.reduce(0) { $0 + $1.bytes }, items: tally.items, dropped: tally.dropped)
    }

    /// Of several documents, one hash for all.
    private static func whole(_ hashes: [ContentHash]) -> ContentHash {
        guard hashes.count > 1 else { return hashes[0] }
        return ContentHash.of(Data(hashes.map(\.rawValue).joined(separator: " ").utf8))
    }

    private func unread(_ path: String, _ error: any Error) -> FeedError {
        FeedError("cannot read '\(path)': \(error)", remedy: .fixHost)
    }

    // MARK: One document

    /// - Parameter program: nil: it has no items.
    private mutating func document(
        _ file: String, _ program: Program? = nil, _ write: (Output) throws -> Witness?
    ) throws(FeedError) -> Files.Digest {
        let open = try host { () throws(HostError) in
            try Files.remove(file + ".unchecked")
            return try OpenFile.open(file + ".unchecked", O_RDWR | O_CREAT | O_EXCL)
        }
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
        try host { () throws(HostError) in try open.synchronize() }
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
        let digest = try host { () throws(HostError) in try Files.digest(open) }
        times.reading += ContinuousClock.now - written
        return digest
    }

    /// The bytes are read again from the file, by a reader that shares nothing with the writer.
    private func read(_ descriptor: Int32, _ program: Program?) throws -> Witness? {
        if let program { return try ReadBack.witness(descriptor, of: format, program) }
        let gleaning = try Gleaning(descriptor: descriptor, places: [], items: [], schema: nil)
        while try gleaning.next() != nil {}
        return nil
    }

    private func write(
        _ program: Program, to output: Output, from items: String, _ source: ItemFileReader
    ) throws -> Witness {
        let writer = ItemWriter(program, to: output)
        var row = FeedRow(columns: format.attributes.names.count)
        for pass in program.passes {
            writer.begin(pass)
            // What is split goes on where the last document ended.
            let source =
                format.split == nil ? try ItemFileReader(items, as: format.attributes) : source
            var rest = format.split?.items ?? .max
            while rest > 0, try source.next(into: &row) {
                try writer.write(row)
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
