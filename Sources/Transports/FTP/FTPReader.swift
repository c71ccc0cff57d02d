import Model
import YAML

/// `to: ftpes://feeds.example.com/incoming/`
struct FTPReader: OptionsReader {
    private let user = LoginKeys.user
    private let password = LoginKeys.password
    private let tls = TLSKeys()
    private let plainText = OptionKey("plain_text", .bool)
    private let finish = FinishKeys()
    /// Asked for so as to be refused.
    private let keysOfOthers: [any AnyOptionKey] = [
        LoginKeys.key, LoginKeys.passphrase, LoginKeys.token,
    ]

    let schemes = FTPOptions.Protection.allCases.map(\.rawValue)
    let hasHost = true
    var keys: [any AnyOptionKey] {
        [user, password, plainText] + finish.all + tls.all + keysOfOthers
    }

    func options(
        _ target: Target, _ keys: Keys, base: (any TransportOptions)?
    ) -> any TransportOptions {
        var options = base as? FTPOptions ?? FTPOptions(target)
        options.target = target
        // The same server is the same login, unless the feed names its own.
        if !keys.lacks("user", "password") { (options.user, options.password) = (nil, nil) }
        options.user = user.read(keys) ?? options.user
        options.password = password.read(keys) ?? options.password
        options.plainText = plainText.read(keys) ?? options.plainText
        options.finish = finish.finish(keys, base: options.finish)
        options.tls = tls.options(keys, base: options.tls)
        check(options, keys)
        return options
    }

    /// What is written but wrong was reported where it stands.
    private func check(_ options: FTPOptions, _ keys: Keys) {
        let scheme = options.address.scheme
        keys.refuse(keysOfOthers) { "\(scheme) knows no '\($0)'" }
        for key in [user.name, password.name] where keys.lacks(key) {
            if key == user.name ? options.user == nil : options.password == nil {
                keys.refuse("\(scheme) needs '\(key)'", "missing-key")
            }
        }
        if options.protection == .none {
            if !options.plainText { keys.refuse(FTPOptions.clearText, "clear-text") }
            tls.refuseAll(keys, "ftp:// uses no TLS; write ftpes:// or ftps://")
        } else if options.plainText {
            keys.refuse(
                "'plain_text' belongs to ftp://; \(scheme):// is always encrypted", "clear-text",
                at: "plain_text")
        }
        if let user = options.user, user.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            keys.refuse("'user' holds a line break or another control character", at: "user")
        }
    }
}
