import Model
import YAML

/// `to: https://img.example.com/img/`
struct HTTPReader: OptionsReader {
    private let user = LoginKeys.user
    private let password = LoginKeys.password
    private let token = LoginKeys.token
    private let tls = TLSKeys()
    /// Asked for so as to be refused.
    private let keysOfOthers: [any AnyOptionKey] =
        [LoginKeys.key, LoginKeys.passphrase] + LoginKeys.ofS3

    let schemes = ["http", "https"]
    let hasHost = true
    var keys: [any AnyOptionKey] { [user, password, token] + tls.all + keysOfOthers }

    func options(
        _ target: Target, _ keys: Keys, base: (any TransportOptions)?
    ) -> any TransportOptions {
        var options = base as? HTTPOptions ?? HTTPOptions(target)
        options.target = target
        // The same server is the same login, unless the feed names its own.
        if !keys.lacks("user", "password", "token") { options = HTTPOptions(target) }
        options.user = user.read(keys) ?? options.user
        options.password = password.read(keys) ?? options.password
        options.token = token.read(keys) ?? options.token
        options.tls = tls.options(keys, base: options.tls)
        check(options, keys)
        return options
    }

    private func check(_ options: HTTPOptions, _ keys: Keys) {
        keys.refuse(keysOfOthers) { "http knows no '\($0)'" }
        if options.token != nil, options.password != nil {
            keys.refuse("'token' and 'password' exclude each other", at: "token")
        }
        if options.password != nil, options.user == nil {
            keys.refuse("'password' needs 'user'", "missing-key", at: "password")
        }
        if options.address.scheme == "http" {
            tls.refuseAll(keys, "http:// uses no TLS; write https://")
        }
        if options.address.scheme == "http", !options.credentials.isEmpty,
            !options.target.allowPrivate
        {
            keys.refuse("a secret would travel in clear; use https", "clear-text")
        }
    }
}
