package import Foundation
private import Host
package import Model

/// Secrets as files, one per name: in the configured directory, or handed over by systemd. The same
/// name in both is an error, because nobody could say which one counts. Reads small files: call it
/// where blocking is allowed.
package struct Credentials: Sendable {
    /// Far above any key; below anything that could hurt.
    private static let limit = 64 << 10

    private let directories: [String]

    /// - Parameters:
    ///   - directory: `credentials:` of the configuration; need not exist.
    ///   - systemd: `$CREDENTIALS_DIRECTORY`: a snapshot, so a change there needs a restart.
    package init(
        directory: String,
        systemd: String? = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"]
    ) {
        directories = [directory] + (systemd.map { [$0] } ?? [])
    }

    /// The text of a password, token or passphrase, without the line end an editor leaves.
    package func secret(_ name: String) throws(DeliveryError) -> Secret {
        let (path, data) = try read(name)
        return try Self.secret(data, name, from: "'\(path)'")
    }

    /// - Parameter place: where the bytes are, for the message.
    private static func secret(
        _ data: Data, _ name: String, from place: String
    ) throws(DeliveryError) -> Secret {
        guard var text = String(validating: data, as: UTF8.self) else {
            throw refusal(name, "\(place) is not UTF-8 text")
        }
        // One character: Swift takes CR LF together.
        if text.last?.isNewline == true { text.removeLast() }
        guard !text.isEmpty else { throw refusal(name, "\(place) is empty") }
        guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw refusal(name, "\(place) holds more than one line, or a control character")
        }
        return Secret(text)
    }

    /// What would be refused once it lies there, before it does: a password, token or passphrase of
    /// one line, or a private key.
    package static func check(_ data: Data, as name: String) throws(DeliveryError) {
        try check(name)
        guard data.count <= limit else { throw refusal(name, "it is longer than 64 KiB") }
        guard !data.starts(with: Data("-----BEGIN ".utf8)) else { return }
        _ = try secret(data, name, from: "what was given")
    }

    package static func check(_ name: String) throws(DeliveryError) {
        guard RemoteName(rawValue: name) != nil, !name.contains("/") else {
            throw refusal(name, "a name is made of 'A-Z a-z 0-9 . _ -' and starts with no dot")
        }
    }

    /// Path of a file that is there, private and not empty: what libssh2 wants for keys.
    package func path(_ name: String) throws(DeliveryError) -> String { try read(name).path }

    /// Changes whenever one of the named files does, comes or goes: a destination made before must
    /// then be made anew, because its open connections would still carry the old login.
    package func revision(_ names: [String]) -> String {
        var hasher = SHA256()
        for name in names.sorted() {
            for directory in directories {
                let line = "\(name) \(Self.identity("\(directory)/\(name)"))\n"
                hasher.update(Data(line.utf8))
            }
        }
        return ContentHash(digest: hasher.finalize()).short
    }

    /// `revision` of the names that options mention.
    package func revision(for options: any TransportOptions) -> String {
        revision(options.credentials)
    }

    func read(_ name: String) throws(DeliveryError) -> (path: String, data: Data) {
        try Self.check(name)
        var found: [(path: String, data: Data)] = []
        for directory in directories {
            if let data = try data(of: name, in: directory) {
                found.append(("\(directory)/\(name)", data))
            }
        }
        guard let first = found.first else {
            throw Self.refusal(
                name,
                "there is no file '\(directories[0])/\(name)'; 'sluice credential \(name)' asks for the secret "
                    + "and puts it there")
        }
        guard found.count == 1 else {
            throw Self.refusal(
                name, "'\(first.path)' and '\(found[1].path)' both hold it; remove one")
        }
        return first
    }

    private func data(of name: String, in directory: String) throws(DeliveryError) -> Data? {
        let path = "\(directory)/\(name)"
        do throws(HostError) {
            let folder = try OpenFile.open(directory, O_RDONLY | O_DIRECTORY)
            let file = try folder.openBeneath(name)
            let status = try file.status()
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw HostError("read", path, EISDIR)
            }
            guard status.st_mode & 0o026 == 0 else {
                throw HostError("trust", path, EPERM)
            }
            let data = try file.read(limit: Self.limit + 1)
            guard data.count <= Self.limit else { throw HostError("read", path, EFBIG) }
            guard !data.isEmpty else { throw HostError("read", path, ENODATA) }
            return data
        } catch {
            if error.isAbsent { return nil }
            throw Self.refusal(name, Self.words(for: error, path))
        }
    }

    private static func words(for error: HostError, _ path: String) -> String {
        switch error.errno {
        case EPERM where error.call == "trust":
            "others may read or write '\(path)'; say 'chmod 0640 \(path)'"
        case EACCES:
            "the daemon may not read '\(path)'; say 'chgrp sluice \(path)' and 'chmod 0640 \(path)'"
        case ENODATA: "'\(path)' is empty"
        case EFBIG: "'\(path)' is longer than 64 KiB"
        case ELOOP: "'\(path)' is a link; put the file itself there"
        case EISDIR: "'\(path)' is not a plain file"
        default: "cannot read '\(path)': \(String(cString: strerror(error.errno)))"
        }
    }

    private static func refusal(_ name: String, _ why: String) -> DeliveryError {
        DeliveryError("cannot use the credential '\(name)': \(why)", remedy: .fixChannel)
    }

    private static func identity(_ path: String) -> String {
        var status = stat()
        guard lstat(path, &status) == 0 else { return "absent" }
        let times = [status.st_mtim, status.st_ctim].map { "\($0.tv_sec).\($0.tv_nsec)" }
        return "\(status.st_dev) \(status.st_ino) \(status.st_size) \(status.st_mode) \(times)"
    }
}
