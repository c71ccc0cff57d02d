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
            var declaration = try declare(candidate, stated)
            declaration.documents = []
            if beside != nil { declaration.documents.insert(.sidecar) }
            if listed != nil { declaration.documents.insert(.manifest) }
            return declaration
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
    static func split(_ path: String) -> (directory: String, name: String) {
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

    // MARK: Bytes

    /// The bytes of a text file below the spool. One that is too long is read just so far that
    /// the reader says so.
    func text(
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
