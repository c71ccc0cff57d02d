import Model
import YAML

/// `to: sftp://feeds.example.com/incoming/`
struct SFTPReader: OptionsReader {
    private let user = LoginKeys.user
    private let password = LoginKeys.password
    private let key = LoginKeys.key
    private let passphrase = LoginKeys.passphrase
    private let hostKeys = OptionKey("host_keys", Self.hostKey, takesMany: true)
    private let finish = FinishKeys()
    /// Asked for so as to be refused.
    private let keysOfOthers: [any AnyOptionKey] = [LoginKeys.token] + LoginKeys.ofS3

    let schemes = ["sftp"]
    let hasHost = true
    var keys: [any AnyOptionKey] {
        [user, password, key, passphrase, hostKeys] + finish.all + keysOfOthers
    }

    func options(
        _ target: Target, _ keys: Keys, base: (any TransportOptions)?
    ) -> any TransportOptions {
        var options = base as? SFTPOptions ?? SFTPOptions(target)
        options.target = target
        // The same server is the same login, unless the feed names its own.
        if !keys.lacks("user", "password", "key") {
            (options.user, options.password, options.key) = (nil, nil, nil)
            options.passphrase = nil
        }
        options.user = user.read(keys) ?? options.user
        options.password = password.read(keys) ?? options.password
        options.key = key.read(keys) ?? options.key
        options.passphrase = passphrase.read(keys) ?? options.passphrase
        let pins = hostKeys.list(keys)
        if !pins.isEmpty { options.hostKeys = pins }
        options.finish = finish.finish(keys, base: options.finish)
        check(options, keys)
        return options
    }

    /// What is written but wrong was reported where it stands.
    private func check(_ options: SFTPOptions, _ keys: Keys) {
        if options.user == nil { keys.refuse("sftp needs 'user'", "missing-key") }
        if options.password == nil, options.key == nil, keys.lacks("password", "key") {
            keys.refuse("sftp needs 'key: credential:NAME' or 'password: …'", "missing-key")
        }
        keys.refuse(keysOfOthers) { "sftp knows no '\($0)'" }
        if options.hostKeys.isEmpty, keys.lacks("host_keys") {
            keys.refuse(
                "sftp needs 'host_keys': without them anyone could answer; "
                    + "'\(HostKey.scan(options.address))' prints them", "missing-key")
        }
        if options.passphrase != nil, options.key == nil {
            keys.refuse("'passphrase' needs 'key'", "missing-key", at: "passphrase")
        }
    }

    private static let hostKey = Shape.fingerprint(
        "host keys such as \"SHA256:…\" with 43 characters "
            + "(see 'ssh-keyscan -p PORT HOST | ssh-keygen -lf -')"
    )
}
