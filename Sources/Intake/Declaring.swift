import Foundation
import Host
package import Model
import YAML

/// What is declared about a candidate: beside it, in its batch's manifest, or by its name.
extension Spool {
    /// - Returns: for a manifest, a declaration of no asset: it is readable and all its files are
    ///   there. `missing-files` is no verdict; the rest of the batch is taken meanwhile.
    package func read(_ candidate: Candidate) -> Result<Declaration, Rejection> {
        Result { () throws(Rejection) in
            try refuse(candidate)
            if candidate.isManifest { return try inspectManifest(candidate) }
            let listed = try manifestEntry(candidate)
            let beside = try sidecar(candidate)
            let stated = beside.map { beside in listed.map(beside.over) ?? beside } ?? listed
            return try declare(candidate, stated)
        }.mapError { rejection in
            var told = rejection
            told.skus = skus(namedBy: candidate)
            return told
        }
    }

    /// For people who ask after a SKU: what a file that is refused was to be of, mistakes or not.
    private func skus(namedBy candidate: Candidate) -> [String] {
        guard !candidate.isManifest, let raw = candidate.raw else { return [] }
        if let path = sidecarPath(candidate),
            let bytes = try? text(path, limit: settings.maxSidecarBytes, .badSidecar).data,
            let root = try? Document(bytes: bytes, file: "", limit: settings.maxSidecarBytes).root
        {
            let reading = StatementReader(settings: settings, date: .distantPast)
            let named = Reader().mapping(root, "a sidecar") { reading.statement($0).skus } ?? []
            if !named.isEmpty { return named }
        }
        if let parcel = candidate.parcel, let manifest = try? manifest(parcel).get(),
            let named = manifest.entry(parcel.inner(raw))?.statement.skus, !named.isEmpty
        {
            return named
        }
        if case .reading(let reading) = name(candidate) { return [reading.sku] }
        return []
    }

    func refuse(_ candidate: Candidate) throws(Rejection) {
        guard let fault = candidate.fault else { return }
        let why = fault.fault(size: candidate.identity.size, maxBytes: settings.maxBytes)
        throw Rejection(fault, "'\(candidate.path)' \(why)")
    }

    private func declare(
        _ candidate: Candidate, _ stated: Statement?
    ) throws(Rejection) -> Declaration {
        if let declaration = stated?.declaration { return declaration }
        let named = name(candidate)
        if case .reading(let reading) = named {
            let base = stated ?? Statement(place: Place(file: candidate.path, line: 1, column: 1))
            if var declaration = base.filled(from: reading).declaration {
                declaration.isByName = stated == nil
                return declaration
            }
        }
        guard let stated else { throw undeclared(candidate, named) }
        let missing = stated.skus.isEmpty ? "sku" : "view"
        let problem = Problem(
            stated.place, "'\(missing)' is missing, and \(why(named))", code: "missing-key")
        let code = candidate.sidecars.isEmpty ? Rejection.Code.badManifest : .badSidecar
        throw Rejection(
            code, "'\(candidate.path)' is not declared completely", problems: [problem])
    }

    private func undeclared(
        _ candidate: Candidate, _ named: NamePattern.Outcome?
    ) -> Rejection {
        let near = nearSidecars(candidate).filter { SpoolName.kind(Array($0.utf8)) == .sidecar }
        return Rejection(
            .noDeclaration,
            "nothing says what '\(candidate.path)' shows: there is no '\(candidate.fileName).yaml' "
                + "beside it, it is in no batch with a manifest, and \(why(named))"
                + Namesake.hint("there is", near))
    }

    /// File names that would be its sidecar, were they written as it is.
    private func nearSidecars(_ candidate: Candidate) -> [String] {
        guard let raw = candidate.raw else { return [] }
        let (directory, name) = Self.split(raw)
        let index = names.index(directory)
        return SpoolName.sidecarEndings.dropFirst().reduce(
            into: index.near(name + SpoolName.sidecarEndings[0])
        ) { found, ending in
            found += index.near(name + ending).filter { !found.contains($0) }
        }
    }

    /// The directory, without a slash at its end, and the last step.
    private static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }

    private func why(_ named: NamePattern.Outcome?) -> String {
        switch named {
        case .refused(let why): "its name \(why)"
        case .reading, nil: "sluice.yaml has no 'naming' pattern to read its name by"
        }
    }

    private func name(_ candidate: Candidate) -> NamePattern.Outcome? {
        guard let naming = settings.naming, let raw = candidate.raw else { return nil }
        let name = raw.split(separator: "/").last ?? ""
        let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name
        return naming.read(String(stem), settings.views)
    }

    // MARK: Sidecars

    private func sidecar(_ candidate: Candidate) throws(Rejection) -> Statement? {
        guard let path = sidecarPath(candidate) else { return nil }
        guard candidate.sidecars.count == 1 else {
            let names = candidate.sidecars.map { "'\(SpoolName.escaped(Array($0.utf8)))'" }
            throw Rejection(
                .badSidecar,
                "'\(candidate.path)' has \(names.joined(separator: " and ")) beside it; keep one")
        }
        let bytes = try text(path, limit: settings.maxSidecarBytes, .badSidecar)
        do throws(Problems) {
            return try Self.sidecar(
                bytes.data, file: SpoolName.escaped(Array(path.utf8)), settings,
                bytes.identity.modifiedAt)
        } catch {
            throw Rejection(
                .badSidecar, "what stands beside '\(candidate.path)' cannot be used",
                problems: error.all)
        }
    }

    /// Of the first there is, below the spool.
    private func sidecarPath(_ candidate: Candidate) -> String? {
        guard let name = candidate.sidecars.first, let raw = candidate.raw else { return nil }
        let directory = Self.split(raw).directory
        return directory.isEmpty ? name : directory + "/" + name
    }

    static func sidecar(
        _ bytes: Data, file: String, _ settings: SpoolSettings, _ date: Date
    ) throws(Problems) -> Statement {
        let document = try Document(bytes: bytes, file: file, limit: settings.maxSidecarBytes)
        let reader = Reader()
        let reading = StatementReader(settings: settings, date: date)
        return try reader.finish(
            reader.mapping(document.root, "a sidecar") { reading.statement($0) })
    }

    // MARK: Manifests

    private func manifestEntry(_ candidate: Candidate) throws(Rejection) -> Statement? {
        guard let parcel = candidate.parcel, let raw = candidate.raw else { return nil }
        let manifest: Manifest
        do throws(Rejection) {
            manifest = try self.manifest(parcel).get()
        } catch {
            throw error.transient ? error : broken(candidate, parcel)
        }
        let inner = parcel.inner(raw)
        var listed = manifest.entry(inner)
        if listed == nil { listed = try otherForm(of: inner, manifest, parcel) }
        guard let entry = listed else {
            // A broken list may well have meant to name it.
            guard manifest.problems.isEmpty else { throw broken(candidate, parcel) }
            throw unlisted(candidate, parcel, manifest.near(inner))
        }
        guard entry.problems.isEmpty else {
            throw Rejection(
                .badManifest, "what the manifest says about '\(candidate.path)' cannot be used",
                problems: entry.problems)
        }
        return entry.statement
    }

    /// What is listed under the same name in another normal form, unless a file of just that name
    /// is there, or two are listed.
    private func otherForm(
        of inner: String, _ manifest: Manifest, _ parcel: Parcel
    ) throws(Rejection) -> Manifest.Entry? {
        let listed = manifest.near(inner).filter { $0 == inner }
        guard listed.count == 1, try !isThere(listed[0], in: parcel) else { return nil }
        return manifest.entry(listed[0])
    }

    private func isThere(_ file: String, in parcel: Parcel) throws(Rejection) -> Bool {
        try asking(parcel.shownManifest) { () throws(HostError) in
            let batch = try root().openBeneath(parcel.directory, O_RDONLY | O_DIRECTORY)
            return Self.isThere(file, batch)
        }
    }

    private static func isThere(_ file: String, _ batch: borrowing OpenFile) -> Bool {
        var status = stat()
        return fstatat(batch.descriptor, file, &status, AT_SYMLINK_NOFOLLOW) == 0
    }

    private func broken(_ candidate: Candidate, _ parcel: Parcel) -> Rejection {
        Rejection(
            .badManifest,
            "'\(candidate.path)' waits for '\(parcel.shownManifest)', which has mistakes")
    }

    private func unlisted(
        _ candidate: Candidate, _ parcel: Parcel, _ near: [String]
    ) -> Rejection {
        Rejection(
            .unlisted,
            "'\(candidate.path)' is not listed in '\(parcel.shownManifest)'"
                + Namesake.hint("it lists", near))
    }

    private func inspectManifest(_ candidate: Candidate) throws(Rejection) -> Declaration {
        guard let parcel = candidate.parcel else { return Declaration(assets: []) }
        let manifest = try manifest(parcel).get()
        guard manifest.problems.isEmpty else {
            throw Rejection(
                .badManifest, "'\(candidate.path)' cannot be used", problems: manifest.problems)
        }
        let missing = try missing(manifest, parcel)
        guard missing.isEmpty else {
            let names = missing.prefix(20).map { file in
                "'\(SpoolName.escaped(Array(file.utf8)))'"
                    + Namesake.hint("there is", nearFiles(file, manifest, parcel))
            }
            let more = missing.count > 20 ? " and \(missing.count - 20) more" : ""
            throw Rejection(
                .missingFiles,
                "'\(candidate.path)' lists what is not there: "
                    + names.joined(separator: ", ") + more)
        }
        return Declaration(assets: [])
    }

    private func missing(_ manifest: Manifest, _ parcel: Parcel) throws(Rejection) -> [String] {
        try asking(parcel.shownManifest) { () throws(HostError) in
            let batch = try root().openBeneath(parcel.directory, O_RDONLY | O_DIRECTORY)
            var missing: [String] = []
            for file in manifest.files {
                let isFound = ([file] + Namesake.spellings(of: file)).contains { name in
                    Self.isThere(name, batch)
                }
                if !isFound { missing.append(file) }
            }
            return missing
        }
    }

    /// Files of the batch that the manifest does not list, near the name of one that it does.
    private func nearFiles(
        _ file: String, _ manifest: Manifest, _ parcel: Parcel
    ) -> [String] {
        let (directory, name) = Self.split(file)
        let place = directory.isEmpty ? parcel.directory : parcel.directory + "/" + directory
        let prefix = directory.isEmpty ? "" : directory + "/"
        return names.index(place).near(name).map { prefix + $0 }
            .filter { manifest.entry($0) == nil }
    }

    func manifest(_ parcel: Parcel) -> Result<Manifest, Rejection> {
        manifests.content(parcel.directory + "|" + parcel.fingerprint) {
            let result = Result { () throws(Rejection) in try readManifest(parcel) }
            // Its tree was many times its size, and the next one may never come.
            Memory.giveBack()
            return result
        }
    }

    private func readManifest(_ parcel: Parcel) throws(Rejection) -> Manifest {
        let shown = parcel.shownManifest
        guard parcel.manifests.count == 1 else {
            let names = parcel.manifests.map { "'\($0)'" }.joined(separator: " and ")
            throw Rejection(
                .badManifest, "the batch of '\(shown)' has \(names); keep one")
        }
        let bytes = try text(
            parcel.manifestPath, limit: settings.maxManifestBytes, .badManifest)
        do throws(Problems) {
            let document = try Document(
                bytes: bytes.data, file: shown, limit: settings.maxManifestBytes)
            let reading = StatementReader(settings: settings, date: bytes.identity.modifiedAt)
            return Manifest(document, reading)
        } catch {
            throw Rejection(.badManifest, "'\(shown)' cannot be read", problems: error.all)
        }
    }

    // MARK: Bytes

    /// The bytes of a text file below the spool. One that is too long is read just so far that
    /// the reader says so.
    private func text(
        _ raw: String, limit: Int, _ code: Rejection.Code
    ) throws(Rejection) -> (data: Data, identity: FileIdentity) {
        let shown = SpoolName.escaped(Array(raw.utf8))
        let file = try asking(shown) { () throws(HostError) in try root().openBeneath(raw) }
        let status = try asking(shown) { () throws(HostError) in try file.status() }
        let fault = Rejection.Code(status, maxBytes: Int64(limit))
        if let fault, fault != .empty {
            let why = fault.fault(size: Int64(status.st_size), maxBytes: Int64(limit))
            throw Rejection(code, "'\(shown)' \(why)")
        }
        let data = try asking(shown) { () throws(HostError) in try file.read(limit: limit + 1) }
        return (data, FileIdentity(status))
    }

    /// Runs calls on something in the spool; their failure is told as a rejection.
    func asking<Value: ~Copyable>(
        _ shown: String, _ body: () throws(HostError) -> Value
    ) throws(Rejection) -> Value {
        do throws(HostError) { return try body() } catch { throw trouble(error, shown) }
    }

    private func trouble(_ error: HostError, _ shown: String) -> Rejection {
        switch error.errno {
        case ENOENT, ENOTDIR:
            Rejection(.vanished, "'\(shown)' is not there any more")
        case ELOOP:
            Rejection(.symlink, "'\(shown)' is or lies below a symbolic link")
        case ENXIO:
            Rejection(.socket, "'\(shown)' is a socket or a device")
        case EMFILE, ENFILE, ENOMEM:
            Rejection(.host, "'\(shown)' waits: \(error)", host: error)
        default:
            Rejection(
                .unreadable,
                "'\(shown)' cannot be read: \(String(cString: strerror(error.errno)))")
        }
    }
}

extension Candidate {
    /// The last step of the path, for people.
    var fileName: String { path.split(separator: "/").last.map(String.init) ?? path }
}

extension Parcel {
    var shownManifest: String { SpoolName.escaped(Array(manifestPath.utf8)) }
}
