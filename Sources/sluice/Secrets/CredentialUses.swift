internal import Export
internal import Foundation
internal import Host
internal import Profiles
internal import Transports

/// Who names which credential: the good profiles, and alarms.
struct CredentialUses {
    private var uses: [(user: String, options: any TransportOptions)] = []
    private var alarm: Set<String> = []
    private let directory: String

    init(_ options: Options, _ configuration: Configuration) throws(Failure) {
        directory = configuration.credentials
        let source = try ProfileSource(options)
        if source.absence == nil {
            for case (_, .success(let profile)) in try source.load([]) {
                for (purpose, destination) in ProbeCommand.places(of: profile) {
                    let user = profile.channel + (purpose == "feed" ? " (feed)" : "")
                    uses.append((user, destination.options))
                }
            }
        }
        if let post = configuration.alarm.post {
            if let secret = post.secret { alarm.insert(secret) }
            if case .credential(let name) = post.address { alarm.insert(name) }
        }
    }

    var names: Set<String> { alarm.union(uses.flatMap(\.options.credentials)) }

    func users(of name: String) -> [String] {
        uses.filter { $0.options.credentials.contains(name) }.map(\.user)
            + (alarm.contains(name) ? ["alarm"] : [])
    }

    /// What the transports that use it say before they dial: a key they cannot use, a passphrase that is
    /// missing.
    func problems(with name: String) -> [String] {
        let means = TransportMeans(credentials: Credentials(directory: directory, systemd: nil))
        return uses.filter { $0.options.credentials.contains(name) }.compactMap { use in
            do throws(DeliveryError) {
                _ = try use.options.makeTransport(means)
                return nil
            } catch {
                return "\(use.user): \(error.message)"
            }
        }
    }
}
