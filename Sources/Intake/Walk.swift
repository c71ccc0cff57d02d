private import Foundation
private import Host
private import Model
private import Synchronization

/// One pass over the spool, handed out in batches. Holds one open directory a level and one batch,
/// whatever the size of the spool. Order is the file system's.
package final class Walk: Sendable {
    /// What was noticed that is no candidate: the first hundred, and how many there were.
    package struct Notes: Sendable, Hashable {
        /// Hints that are kept: a page of a list.
        private static let told = 500

        package private(set) var texts: [String] = []
        package private(set) var count = 0
        /// Files that were looked at, sidecars not counted.
        package internal(set) var files = 0
        /// What is hidden, unfinished or litter, by its name.
        package internal(set) var ignored = 0
        /// Files that lie beside nothing, but near the name of a picture that lacks them.
        package private(set) var misnamed = 0
        /// What is to be said of the first of them.
        package private(set) var hints: [String] = []

        mutating func note(_ text: String) {
            count += 1
            if texts.count < 100 { texts.append(text) }
        }

        mutating func note(misnamed text: String) {
            misnamed += 1
            if hints.count < Self.told { hints.append(text) }
            note(text)
        }
    }

    // A class, because directories are; only touched while the mutex below is held.
    private final class State {
        var levels: [Level] = []
        var notes = Notes()
    }

    private struct Level {
        var stream: DirectoryStream
        /// Below the spool, with a slash at the end; empty for the spool itself.
        var prefix: String
        var parcel: Parcel?

        var directory: String { String(prefix.dropLast()) }
    }

    private let settings: SpoolSettings
    private let names: NameShelf
    private let state: Mutex<State>

    init(_ settings: SpoolSettings, _ names: NameShelf) throws(IntakeError) {
        self.settings = settings
        self.names = names
        let stream: DirectoryStream
        do throws(HostError) {
            stream = try DirectoryStream(settings.path)
        } catch {
            throw IntakeError(
                "the spool cannot be read: \(error); nothing is withdrawn because of it, mount or "
                    + "make the directory and see that the service may read it", remedy: .fixHost)
        }
        let first = State()
        first.levels = [Level(stream: stream, prefix: "")]
        state = Mutex(first)
    }

    package var notes: Notes { state.withLock { $0.notes } }

    /// Up to `limit` candidates; nil at the end.
    package func next(limit: Int = 500) throws(IntakeError) -> [Candidate]? {
        try state.withLock { state throws(IntakeError) in
            var found: [Candidate] = []
            while found.count < limit, let level = state.levels.last {
                guard let name = try nextName(level, state) else {
                    state.levels.removeLast()
                    continue
                }
                if let candidate = visit(name, level, state) { found.append(candidate) }
            }
            state.notes.files += found.count
            return found.isEmpty ? nil : found
        }
    }

    /// A directory that fails half-way is left with a note; the spool itself is not.
    private func nextName(_ level: Level, _ state: State) throws(IntakeError) -> [UInt8]? {
        do throws(HostError) {
            return try level.stream.next()
        } catch {
            guard level.prefix.isEmpty else {
                state.notes.note("\(error)")
                return nil
            }
            throw IntakeError("the spool cannot be read: \(error)", remedy: .fixHost)
        }
    }

    private func visit(_ name: [UInt8], _ level: Level, _ state: State) -> Candidate? {
        let kind = SpoolName.kind(name)
        if kind == .ignored { state.notes.ignored += 1 }
        guard kind != .ignored, let status = level.stream.status(of: name) else { return nil }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        switch kind {
        case .ignored:
            return nil
        case .unfit:
            return candidate(name, status, level, fault: .badName)
        case .sidecar where !isDirectory:
            return visitSidecar(name, status, level, state)
        case .xmp where !isDirectory:
            noteOrphan(xmp: String(decoding: name, as: UTF8.self), level, state)
            return nil
        case .sidecar, .xmp, .plain:
            if isDirectory {
                enter(String(decoding: name, as: UTF8.self), level, state)
                return nil
            }
            return candidate(name, status, level, fault: fault(status))
        }
    }

    private func visitSidecar(
        _ name: [UInt8], _ status: stat, _ level: Level, _ state: State
    ) -> Candidate? {
        let text = String(decoding: name, as: UTF8.self)
        if let parcel = level.parcel, level.prefix + text == parcel.manifestPath {
            return candidate(name, status, level, fault: nil, isManifest: true)
        }
        guard !SpoolName.manifests.contains(text) || level.prefix.isEmpty else { return nil }
        noteOrphan(text, level, state)
        return nil
    }

    private func noteOrphan(_ name: String, _ level: Level, _ state: State) {
        let shown = SpoolName.escaped(Array((level.prefix + name).utf8))
        if SpoolName.manifests.contains(name) {
            state.notes.note(
                "'\(shown)' lies in the spool itself and is not read; a manifest belongs into the "
                    + "directory of its batch")
            return
        }
        guard let ending = SpoolName.sidecarEndings.first(where: name.hasSuffix) else {
            state.notes.note("'\(shown)' is not read; write its ending in lower case")
            return
        }
        let owner = String(name.dropLast(ending.count))
        if isThere(owner, level) { return }
        let taken = Namesake.spellings(of: owner).contains { other in
            isThere(other, level) && sidecars(of: other, level).contains(name)
        }
        if taken { return }
        let missing = SpoolName.escaped(Array((level.prefix + owner).utf8))
        let lacking = names.index(level.directory).near(owner).filter { near in
            SpoolName.kind(Array(near.utf8)) == .plain && sidecars(of: near, level).isEmpty
        }
        note("'\(shown)' waits for '\(missing)', which is not there", near: lacking, state)
    }

    private func note(_ text: String, near: [String], _ state: State) {
        guard !near.isEmpty else { return state.notes.note(text) }
        state.notes.note(misnamed: text + Namesake.hint("there is", near))
    }

    private func isThere(_ name: String, _ level: Level) -> Bool {
        level.stream.status(of: Array(name.utf8)) != nil
    }

    private func sidecars(of name: String, _ level: Level) -> [String] {
        XMPSidecarSearch.sidecars(of: name) { isThere($0, level) }
    }

    /// `a.jpg.xmp` belongs to `a.jpg`, `a.xmp` to a picture of any kind.
    private func noteOrphan(xmp name: String, _ level: Level, _ state: State) {
        let shown = SpoolName.escaped(Array((level.prefix + name).utf8))
        guard name.hasSuffix(SpoolName.xmpEnding) else {
            state.notes.note("'\(shown)' is not read; write its ending in lower case")
            return
        }
        let stem = String(name.dropLast(SpoolName.xmpEnding.count))
        let isOwned = ([stem] + Namesake.spellings(of: stem)).contains { stem in
            isThere(stem, level) || !XMPSidecarSearch.pictures(of: stem, level.stream).isEmpty
        }
        if isOwned { return }
        let index = names.index(level.directory)
        let near = index.near(stem).filter { SpoolName.kind(Array($0.utf8)) == .plain }
        let lacking = (near.isEmpty ? index.pictures(nearStem: stem) : near).filter { picture in
            let stem = picture.lastIndex(of: ".").map { String(picture[..<$0]) } ?? picture
            return [picture, stem].allSatisfy { !isThere($0 + SpoolName.xmpEnding, level) }
        }
        note(
            "'\(shown)' waits for its picture, which is not there", near: lacking, state)
    }

    private func enter(_ name: String, _ level: Level, _ state: State) {
        let shown = SpoolName.escaped(Array((level.prefix + name).utf8))
        guard state.levels.count <= settings.depth else {
            state.notes.note(
                "'\(shown)' is not looked into: more than \(settings.depth) levels deep")
            return
        }
        do throws(HostError) {
            let stream = try level.stream.open(name)
            let prefix = level.prefix + name + "/"
            let parcel = parcel(stream, prefix) ?? level.parcel
            state.levels.append(Level(stream: stream, prefix: prefix, parcel: parcel))
        } catch {
            if !error.isAbsent { state.notes.note("'\(shown)' is not looked into: \(error)") }
        }
    }

    private func parcel(_ stream: DirectoryStream, _ prefix: String) -> Parcel? {
        var found: [(name: String, identity: FileIdentity)] = []
        for name in SpoolName.manifests {
            guard let status = stream.status(of: Array(name.utf8)) else { continue }
            found.append((name, FileIdentity(status)))
        }
        guard let first = found.first else { return nil }
        return Parcel(
            directory: String(prefix.dropLast()), manifests: found.map(\.name),
            identity: first.identity,
            place: stream.status(of: Array(".".utf8)).map(FileIdentity.init)
        )
    }

    private func fault(_ status: stat) -> Rejection.Code? {
        Rejection.Code(status, maxBytes: settings.maxBytes)
    }

    private func candidate(
        _ name: [UInt8], _ status: stat, _ level: Level, fault: Rejection.Code?,
        isManifest: Bool = false
    ) -> Candidate {
        let path = Array(level.prefix.utf8) + name
        let identity = FileIdentity(status)
        var newest = identity.changedAt
        var print = identity.description
        var sidecars: [String] = []
        if let parcel = level.parcel {
            print += "|" + parcel.fingerprint
            newest = max(newest, parcel.identity.changedAt)
        }
        if !isManifest, fault != .badName, let text = SpoolName.text(name) {
            sidecars = self.sidecars(of: text, level)
        }
        for sidecar in sidecars {
            guard let beside = level.stream.status(of: Array(sidecar.utf8)) else { continue }
            let identity = FileIdentity(beside)
            let ending = String(decoding: sidecar.utf8.dropFirst(name.count), as: UTF8.self)
            print += "|\(ending)=\(identity)"
            newest = max(newest, identity.changedAt)
        }
        let xmp =
            isManifest || fault == .badName
            ? nil : XMPSidecarSearch.xmp(of: name, identity, level.stream, prefix: level.prefix)
        if let xmp {
            print += "|" + xmp.fingerprint
            newest = max(newest, xmp.identity.changedAt)
        }
        return Candidate(
            path: SpoolName.escaped(path), fingerprint: print, newest: newest,
            batch: level.parcel.map { SpoolName.escaped(Array($0.directory.utf8)) },
            isManifest: isManifest, raw: fault == .badName ? nil : SpoolName.text(path),
            identity: identity, fault: fault, sidecars: sidecars,
            xmp: xmp, parcel: level.parcel)
    }
}
