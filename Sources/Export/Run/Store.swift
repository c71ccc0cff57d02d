import Bookkeeping
import Foundation
package import Host
package import Model
import Rendering

/// Where things lie below the state directory.
package struct Store: Sendable {
    package let state: String

    package init(state: String) { self.state = state }

    package var masters: String { state + "/masters" }
    package var renditions: String { state + "/renditions" }
    package var work: String { state + "/work" }
    package var editions: String { state + "/editions" }
    package var quarantine: String { state + "/quarantine" }
    package var snapshots: String { state + "/" + Ledger.snapshots }
    /// Copies of product tables while they are read.
    package var products: String { state + "/products" }
    package var ballast: String { state + "/ballast" }
    package var lock: String { state + "/lock" }

    /// Makes the directories, and closes to everybody else what is there already: somebody may have
    /// made the state directory as directories usually are, and ledger and masters are nobody's
    /// business.
    package func prepare() throws(HostError) {
        try Files.makeDirectory(state)
        for path in [state] + ["", "-wal", "-shm"].map({ "\(state)/\(Ledger.fileName)\($0)" }) {
            try Files.keepPrivate(path)
        }
        for directory in [masters, renditions, work, editions, quarantine, snapshots] {
            try Files.makeDirectory(directory)
            try Files.keepPrivate(directory)
        }
    }

    /// Something has been staged or rendered here before.
    package var isUsed: Bool {
        [masters, renditions].contains { directory in
            let names = (try? Files.names(in: directory)) ?? []
            return names.contains { name in
                (try? Files.names(in: "\(directory)/\(name)"))?.isEmpty == false
            }
        }
    }

    /// What the workers of that number see.
    func jobs(ofStation number: Int) -> JobDirectory { JobDirectory(work + "/\(number)") }

    /// Moves a checked rendition to its place. No fsync: it can be made again, and its hash is
    /// checked while it is sent.
    func keep(_ made: String, as file: String) throws(HostError) {
        let path = renditions + "/" + file
        do throws(HostError) {
            try Files.rename(made, to: path, durable: false)
        } catch {
            guard error.isAbsent else { throw error }
            try Files.makeDirectory(String(path[..<path.lastIndex(of: "/")!]))
            try Files.rename(made, to: path, durable: false)
        }
    }
}
