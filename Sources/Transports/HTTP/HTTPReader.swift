import Model
import YAML

/// `to: https://img.example.com/img/`
struct HTTPReader: OptionsReader {
    private let user = LoginKeys.user
    private let password = LoginKeys.password
    private let token = LoginKeys.token
    private let tls = TLSKeys()
    private let headers = OwnHeader.key
    private let manner = MannerKeys()
    /// Asked for so as to be refused.
    private let keysOfOthers: [any AnyOptionKey] =
        [LoginKeys.key, LoginKeys.passphrase] + LoginKeys.ofS3

    let schemes = ["http", "https"]
    let hasHost = true
    var keys: [any AnyOptionKey] {
        [user, password, token, headers] + tls.all + manner.all + keysOfOthers
    }

    func options(
        _ target: Target, _ keys: Keys, base: (any TransportOptions)?
    ) -> any TransportOptions {
        var options = base as? HTTPOptions ?? HTTPOptions(target)
        options.target = target
        // The same server is the same login, unless the feed names its own.
        if !keys.lacks("user", "password", "token", "headers") { options = HTTPOptions(target) }
        options.user = user.read(keys) ?? options.user
        options.password = password.read(keys) ?? options.password
        options.token = token.read(keys) ?? options.token
        options.tls = tls.options(keys, base: options.tls)
        options.headers = headers.read(keys) ?? options.headers
        // Not of the channel: it is no picture, and a form for those would not fit.
        options.manner = manner.manner(keys)
        check(options, keys)
        return options
    }

    private func check(_ options: HTTPOptions, _ keys: Keys) {
        keys.refuse(keysOfOthers) { "http knows no '\($0)'" }
        if options.token != nil, options.password != nil {
            keys.refuse("'token' and 'password' exclude each other", at: "token")
        }
        if options.token != nil || options.password != nil,
            options.headers.contains(where: { $0.name.lowercased() == "authorization" })
        {
            keys.refuse(
                "'headers' has an 'Authorization' of its own; take it out, or the login",
                at: "headers")
        }
        if options.password != nil, options.user == nil {
            keys.refuse("'password' needs 'user'", "missing-key", at: "password")
        }
        if options.address.scheme == "http" {
            tls.refuseAll(keys, "http:// uses no TLS; write https://")
        }
        if options.address.scheme == "http", options.sendsSecrets,
            !options.target.allowPrivate
        {
            keys.refuse("a secret would travel in clear; use https", "clear-text")
        }
    }
}
