package import Model
import Synchronization
package import Transports
package import YAML

/// `to: fake://shop/`: a transport whose other side a test holds in its hand. Each host is a remote of
/// its own. Hand it over in a registry: `TransportRegistry([FakeReader()])`.
package final class FakeReader: OptionsReader {
    private let remotes = Mutex<[String: FakeRemote]>([:])
    private let user = OptionKey("user", .text)
    private let password = OptionKey("password", .credential)
    private let marks = OptionKey("marks", .bool)
    private let names = OptionKey("names", .bool)

    package init() {}

    package let schemes = ["fake"]
    package let hasHost = true
    package var keys: [any AnyOptionKey] { [user, password, marks, names] }

    /// What lies behind `fake://HOST/`, whether a profile names it yet or not.
    package func remote(_ host: String) -> FakeRemote {
        remotes.withLock { remotes in
            let remote = remotes[host] ?? FakeRemote()
            remotes[host] = remote
            return remote
        }
    }

    package func options(
        _ target: Target, _ keys: Keys, base: (any TransportOptions)?
    ) -> any TransportOptions {
        var options = FakeOptions(target, remote(target.address.host))
        options.user = user.read(keys)
        options.password = password.read(keys)
        options.marksBatches = marks.read(keys) ?? false
        options.namesFiles = names.read(keys) ?? false
        return options
    }
}

package struct FakeOptions: TransportOptions {
    package var target: Target
    package var user: String?
    package var password: String?
    package var marksBatches = false
    package var showsByRename: Bool { !namesFiles }
    package var namesFiles = false
    private let remote: FakeRemote

    package init(_ target: Target, _ remote: FakeRemote) {
        self.target = target
        self.remote = remote
    }

    package var credentials: [String] { [password].compactMap(\.self) }

    package func makeTransport(_ means: TransportMeans) throws(DeliveryError) -> any Transport {
        if let password { _ = try means.credentials.secret(password) }
        remote.used(means.bandwidth)
        return FakeTransport(remote, path: address.path)
    }

    package static func == (one: Self, other: Self) -> Bool {
        one.target == other.target && one.user == other.user && one.password == other.password
            && one.marksBatches == other.marksBatches && one.namesFiles == other.namesFiles
            && one.remote === other.remote
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(target) }
}
