internal import Foundation
internal import Host
internal import Model

/// The directory of secrets, a file each.
struct CredentialStore {
    /// Where systemd puts what the unit hands over.
    private static let unit = "/run/credentials/sluice.service"

    let directory: String
    private let systemd: [String]

    init(
        _ directory: String,
        systemd: [String] = [
            ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"], Self.unit,
        ].compactMap(\.self)
    ) {
        self.directory = directory
        self.systemd = systemd
    }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// The daemon refuses a name that is in both places: nobody could say which one counts.
    func refuseWhatSystemdHolds(_ name: String) throws(Failure) {
        for place in systemd where Files.exists("\(place)/\(name)") {
            throw .couldNot(
                "systemd hands over a credential '\(name)' ('\(place)/\(name)'), and one name in two "
                    + "places is refused",
                next:
                    "change it there ('systemctl edit sluice', LoadCredential=) and restart, or take "
                    + "it out there first")
        }
    }

    func write(_ secret: Data, as name: String) throws(Failure) {
        do throws(HostError) {
            try Files.writeForGroup(secret, to: path(name))
        } catch {
            let next: String? =
                switch error.errno {
                case ENOENT:
                    "make the directory: install -d -o root -g sluice -m 0750 '\(directory)'"
                case EACCES, EPERM: "run it as root, or as the owner of '\(directory)'"
                default: nil
                }
            throw .couldNot("cannot store the credential '\(name)': \(error)", next: next)
        }
    }

    func entries(_ uses: CredentialUses) throws(Failure) -> [CredentialEntry] {
        let there: [String]
        do throws(HostError) {
            there = Files.exists(directory) ? try Files.names(in: directory) : []
        } catch {
            throw .couldNot("\(error)", next: "run it as root, or as the account 'sluice'")
        }
        let handed = systemd.flatMap { (try? Files.names(in: $0)) ?? [] }
        let found = Set((there + handed).filter { RemoteName(rawValue: $0) != nil })
            .filter { !$0.hasSuffix(".tmp") }
        return found.union(uses.names).sorted().map { name in
            CredentialEntry(
                name: name, isThere: found.contains(name), usedBy: uses.users(of: name))
        }
    }
}
