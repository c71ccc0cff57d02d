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
        }
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
            if let declaration = base.filled(from: reading).declaration { return declaration }
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
        Rejection(
            .noDeclaration,
            "nothing says what '\(candidate.path)' shows: there is no '\(candidate.fileName).yaml' "
                + "beside it, it is in no batch with a manifest, and \(why(named))")
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
        guard let ending = candidate.sidecars.first, let raw = candidate.raw else { return nil }
        guard candidate.sidecars.count == 1 else {
            let names = candidate.sidecars.map { "'\(candidate.fileName)\($0)'" }
            throw Rejection(
                .badSidecar,
                "'\(candidate.path)' has \(names.joined(separator: " and ")) beside it; keep one")
        }
        let bytes = try text(raw + ending, limit: settings.maxSidecarBytes, .badSidecar)
        do throws(Problems) {
            return try Self.sidecar(
                bytes.data, file: candidate.path + ending, settings, bytes.identity.modifiedAt)
        } catch {
            throw Rejection(
                .badSidecar, "what stands beside '\(candidate.path)' cannot be used",
                problems: error.all)
        }
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
        guard let entry = manifest.entry(inner) else {
            // A broken list may well have meant to name it.
            guard manifest.problems.isEmpty else { throw broken(candidate, parcel) }
            throw unlisted(candidate, parcel, manifest.twin(of: inner))
        }
        guard entry.problems.isEmpty else {
            throw Rejection(
                .badManifest, "what the manifest says about '\(candidate.path)' cannot be used",
                problems: entry.problems)
        }
        return entry.statement
    }

    private func broken(_ candidate: Candidate, _ parcel: Parcel) -> Rejection {
        Rejection(
            .badManifest,
            "'\(candidate.path)' waits for '\(parcel.shownManifest)', which has mistakes")
    }

    private func unlisted(
        _ candidate: Candidate, _ parcel: Parcel, _ hasTwin: Bool
    ) -> Rejection {
        let twin =
            hasTwin
            ? "; it lists a name that looks the same but is written with other characters "
                + "(composed and decomposed letters)" : ""
        return Rejection(
            .unlisted, "'\(candidate.path)' is not listed in '\(parcel.shownManifest)'\(twin)")
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
            let names = missing.prefix(20).map { "'\(SpoolName.escaped(Array($0.utf8)))'" }
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
            return manifest.files.filter { file in
                var status = stat()
                return fstatat(batch.descriptor, file, &status, AT_SYMLINK_NOFOLLOW) != 0
            }
        }
    }

    private func manifest(_ parcel: Parcel) -> Result<Manifest, Rejection> {
        manifests.content(parcel.directory + "|" + parcel.fingerprint) {
            Result { () throws(Rejection) in try readManifest(parcel) }
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
