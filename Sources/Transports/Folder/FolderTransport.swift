private import Foundation
import Host
package import Model

/// A directory on this machine, or one that is mounted here. Files appear whole by renaming; names
/// stay beneath the root and no link is ever followed.
package final class FolderTransport: ListingTransport {
    private let options: FolderOptions
    private let lane: Lane

    init(_ options: FolderOptions) {
        self.options = options
        lane = Lane("folder")
    }

    package func put(
        _ file: Outgoing, as name: RemoteName, replacing object: RemoteObject?
    ) async throws(DeliveryError) -> RemoteObject? {
        try await run("put", name.rawValue) { folder throws(FolderFault) in
            try folder.put(file, as: name)
        }
        return nil
    }

    package func look(
        for file: Outgoing, as name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Presence {
        try await run("look for", name.rawValue) { folder throws(FolderFault) in
            try folder.look(for: file, as: name)
        }
    }

    package func remove(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) {
        try await run("remove", name.rawValue) { folder throws(FolderFault) in
            try folder.remove(name)
        }
    }

    package func isAbsent(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Bool {
        try await run("look for", name.rawValue) { folder throws(FolderFault) in
            try folder.isAbsent(name)
        }
    }

    package func sweep() async throws(DeliveryError) {
        try await run("open", "") { folder throws(FolderFault) in try folder.sweep() }
    }

    package func close() async {}

    package func strangers(
        _ search: StrangerSearch
    ) async throws(DeliveryError) -> Strangers {
        let names: [String]? = try await run("list", search.folder) {
            folder throws(FolderFault) in try folder.strangers(search)
        }
        guard let names else {
            throw DeliveryError(
                "the listing was not wanted any longer", remedy: .retry(after: nil), origin: .ended)
        }
        return Strangers(names)
    }

    private func run<Value: Sendable>(
        _ verb: String, _ name: String,
        _ body: @escaping @Sendable (borrowing OpenFolder) throws(FolderFault) -> Value
    ) async throws(DeliveryError) -> Value {
        let attempt = Attempt(verb: verb, name: name, address: options.address)
        return try await lane.run { [options] () throws(DeliveryError) -> Value in
            let path = options.address.path
            do throws(FolderFault) {
                return try body(OpenFolder(path, mode: UInt32(options.mode)))
            } catch {
                throw attempt.error(error, root: path)
            }
        }
    }
}

/// What goes wrong in a folder.
enum FolderFault: Error {
    case host(HostError)
    /// The bytes to send are not those that were measured.
    case changed(String)
}

extension Attempt {
    fileprivate func error(_ fault: FolderFault, root: String) -> DeliveryError {
        switch fault {
        case .changed(let path):
            return error(
                "changed: '\(path)' is not the file that was measured; it is made again from its "
                    + "master", .fixInput)
        case .host(let failure):
            return error(located(failure, root), root: root)
        }
    }

    private func error(_ failure: HostError, root: String) -> DeliveryError {
        switch failure.errno {
        case _ where failure.isFullDisk:
            return error("\(failure); make room", .fixHost)
        case _ where failure.isAbsent && failure.path == root:
            return error("the directory is not there; make it or mount it", .fixHost)
        case EROFS, EACCES, EPERM:
            return error(
                "\(failure); if only the service may not write there, put '[Service]' and "
                    + "'ReadWritePaths=\(root)' into "
                    + "'/etc/systemd/system/sluice.service.d/folders.conf', then "
                    + "'systemctl daemon-reload' and 'systemctl restart sluice'", .fixHost)
        case ELOOP, EXDEV, ENOTDIR:
            return error(
                "\(failure); a file or a link stands there, and links are not followed", .fixHost)
        default:
            return error(failure.description, .fixHost)
        }
    }

    /// Descriptors below the root know their names from there on.
    private func located(_ failure: HostError, _ root: String) -> HostError {
        if failure.path.hasPrefix("/") { return failure }
        let path = failure.path.hasPrefix("./") ? String(failure.path.dropFirst(2)) : failure.path
        return HostError(failure.call, root + path, failure.errno)
    }
}
