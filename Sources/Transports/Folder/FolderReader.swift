import YAML

/// `to: file:///srv/www/img/`
struct FolderReader: OptionsReader {
    private let mode = OptionKey("mode", .fileMode)
    /// Asked for so as to be refused.
    private let logins: [any AnyOptionKey] =
        [
            LoginKeys.user, LoginKeys.password, LoginKeys.key, LoginKeys.passphrase,
            LoginKeys.token,
        ] + LoginKeys.ofS3

    let schemes = ["file"]
    let hasHost = false
    var keys: [any AnyOptionKey] { [mode] + logins }

    func options(
        _ target: Target, _ keys: Keys, base: (any TransportOptions)?
    ) -> any TransportOptions {
        var options = base as? FolderOptions ?? FolderOptions(target)
        options.target = target
        options.mode = mode.read(keys) ?? options.mode
        if !logins.filter({ $0.check(keys) }).isEmpty {
            keys.refuse("a folder needs no login")
        }
        return options
    }
}
