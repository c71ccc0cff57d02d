import YAML

/// The keys of `deliver:` that belong to TLS, for every transport that speaks it.
struct TLSKeys {
    private let authorities = OptionKey("ca", .credential)
    private let pins = OptionKey(
        "tls_pin",
        .fingerprint(
            "the SHA-256 of a server's public key, such as \"SHA256:…\" with 43 characters"),
        takesMany: true)
    private let certificate = OptionKey("client_certificate", .credential)
    private let key = OptionKey("client_key", .credential)

    var all: [any AnyOptionKey] { [authorities, pins, certificate, key] }

    /// - Parameter base: of the channel on the same server, for what is not written.
    func options(_ keys: Keys, base: TLSOptions) -> TLSOptions {
        var options = base
        options.authorities = authorities.read(keys) ?? options.authorities
        let pins = pins.list(keys)
        if !pins.isEmpty { options.pins = pins }
        options.certificate = certificate.read(keys) ?? options.certificate
        options.key = key.read(keys) ?? options.key
        for (one, other) in [(certificate, key), (key, certificate)]
        where !keys.lacks(one.name) && keys.lacks(other.name) {
            keys.refuse("'\(one.name)' needs '\(other.name)'", "missing-key", at: one.name)
        }
        return options
    }

    /// Where nothing is encrypted.
    func refuseAll(_ keys: Keys, _ why: String) {
        for key in all where !keys.lacks(key.name) { keys.refuse(why, at: key.name) }
    }
}
