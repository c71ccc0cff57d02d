import Model
import YAML

/// `to: s3://bucket/prefix/`
struct S3Reader: OptionsReader {
    private let endpoint = OptionKey("endpoint", Self.endpoint)
    private let region = OptionKey("region", Self.region)
    private let accessKey = LoginKeys.accessKey
    private let secretKey = LoginKeys.secretKey
    private let sessionToken = LoginKeys.sessionToken
    private let style = OptionKey("style", Shape<S3Endpoint.Style>.choice())
    private let cache = OptionKey("cache", Self.cache)
    private let publicBase = OptionKey("public", .publicAddress)
    private let tls = TLSKeys()
    /// Asked for so as to be refused.
    private let keysOfOthers: [any AnyOptionKey] = [
        LoginKeys.user, LoginKeys.password, LoginKeys.key, LoginKeys.passphrase, LoginKeys.token,
    ]

    let schemes = ["s3"]
    let hasHost = true
    /// A bucket's name may look like any address.
    let dialsHost = false
    var keys: [any AnyOptionKey] {
        [endpoint, region, accessKey, secretKey, sessionToken, style, cache, publicBase]
            + tls.all + keysOfOthers
    }

    func options(
        _ target: Target, _ keys: Keys, base: (any TransportOptions)?
    ) -> any TransportOptions {
        var options = base as? S3Options ?? S3Options(target)
        options.target = target
        // The same bucket is the same login, unless the feed names its own.
        if !keys.lacks("access_key", "secret_key", "session_token") {
            (options.accessKey, options.secretKey, options.sessionToken) = (nil, nil, nil)
        }
        // Another prefix is seen elsewhere.
        if target.address != base?.address { options.publicBase = nil }
        options.endpoint = endpoint.read(keys) ?? options.endpoint
        options.region = region.read(keys) ?? options.region
        options.accessKey = accessKey.read(keys) ?? options.accessKey
        options.secretKey = secretKey.read(keys) ?? options.secretKey
        options.sessionToken = sessionToken.read(keys) ?? options.sessionToken
        options.style = style.read(keys) ?? options.style
        options.cache = cache.read(keys) ?? options.cache
        options.publicBase = publicBase.read(keys) ?? options.publicBase
        options.tls = tls.options(keys, base: options.tls)
        check(options, keys)
        return options
    }

    private func check(_ options: S3Options, _ keys: Keys) {
        keys.refuse(keysOfOthers) {
            "s3 knows no '\($0)': a login is 'access_key' with 'secret_key'"
        }
        if !Self.isBucket(options.bucket) || options.address.port != nil {
            keys.refuse(
                "'\(options.bucket)' is no name of a bucket: 3 to 63 of a-z, 0-9, '-' and '.'; "
                    + "where the service answers is said by 'endpoint'", "bad-value")
        }
        for (key, value) in [
            ("access_key", options.accessKey), ("secret_key", options.secretKey),
        ] where value == nil && keys.lacks(key) {
            keys.refuse("s3 needs '\(key): credential:NAME'", "missing-key")
        }
        if options.endpoint == nil, options.region == nil, keys.lacks("endpoint", "region") {
            keys.refuse(
                "s3 needs the bucket's 'region' (Amazon: 'eu-central-1') or an 'endpoint'",
                "missing-key")
        }
        if options.endpoint?.isTLS == false {
            tls.refuseAll(keys, "an http:// endpoint uses no TLS; write https://")
        }
        checkEndpoint(options, keys)
    }

    private func checkEndpoint(_ options: S3Options, _ keys: Keys) {
        guard let endpoint = options.endpoint, !options.target.allowPrivate else { return }
        if !endpoint.isTLS {
            keys.refuse(
                "pictures and tokens would travel in clear; use https", "clear-text", at: "endpoint"
            )
        }
        keys.checkPrivate(endpoint.host, at: keys.place("endpoint"))
    }

    private static func isBucket(_ text: String) -> Bool {
        (3...63).contains(text.utf8.count) && !text.contains("..")
            && !text.hasPrefix(".") && !text.hasSuffix(".") && !text.hasPrefix("-")
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E
            }
    }

    private static let endpoint = Shape<S3Endpoint>(
        expects: "where the service answers, such as https://s3.example.com"
    ) { S3Endpoint($0) }

    /// It stands in every signature, and in a host.
    private static let region = Shape<String>(
        expects: "a region such as eu-central-1, or auto"
    ) { text in
        let fits = text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
        }
        return fits && (1...40).contains(text.utf8.count) ? text : nil
    }

    /// It stands in a header.
    private static let cache = Shape<String>(
        expects: "what 'Cache-Control' shall say, such as \"public, max-age=86400\""
    ) { text in
        let fits = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return fits && (1...200).contains(text.utf8.count) ? text : nil
    }
}
