import Foundation
import Host
import Model
import YAML

/// What a batch's manifest declares about its files.
extension Spool {
    func manifestEntry(_ candidate: Candidate) throws(Rejection) -> Statement? {
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

    func inspectManifest(_ candidate: Candidate) throws(Rejection) -> Declaration {
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
}

extension Parcel {
    var shownManifest: String { SpoolName.escaped(Array(manifestPath.utf8)) }
}
