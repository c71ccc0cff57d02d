package import Model

/// A bucket of Amazon's, or of anybody who speaks as S3 does (MinIO, Ceph, R2, Spaces).
package struct S3Options: TransportOptions {
    /// The bucket stands where others have a host.
    package var target: Target
    /// Nil: Amazon's own of the region.
    package var endpoint: S3Endpoint?
    /// What requests are signed for. Nil: `us-east-1`, which those take that have no regions.
    package var region: String?
    /// Names of the credentials that hold the two parts of a key.
    package var accessKey: String?
    package var secretKey: String?
    /// Name of the credential that holds the token of temporary credentials.
    package var sessionToken: String?
    package var style: S3Endpoint.Style?
    /// `Cache-Control` of every object.
    package var cache: String?
    /// Address under which what lies below `to` is seen from outside.
    package var publicBase: String?
    package var tls = TLSOptions()

    package init(
        _ target: Target, endpoint: S3Endpoint? = nil, region: String? = nil,
        accessKey: String? = nil, secretKey: String? = nil, sessionToken: String? = nil,
        style: S3Endpoint.Style? = nil, cache: String? = nil, publicBase: String? = nil
    ) {
        self.target = target
        self.endpoint = endpoint
        self.region = region
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
        self.style = style
        self.cache = cache
        self.publicBase = publicBase
    }

    package var credentials: [String] {
        [accessKey, secretKey, sessionToken].compactMap(\.self) + tls.credentials
    }

    package func makeTransport(_ means: TransportMeans) throws(DeliveryError) -> any Transport {
        S3Transport(self, try makeBucket(means))
    }

    func makeBucket(_ means: TransportMeans) throws(DeliveryError) -> S3Bucket {
        guard let accessKey, let secretKey else {
            throw refusal("'access_key' and 'secret_key' must both name a credential")
        }
        let signing = Signing(
            accessKey: try means.credentials.secret(accessKey).reveal(),
            secretKey: try means.credentials.secret(secretKey),
            token: try sessionToken.map { name throws(DeliveryError) in
                try means.credentials.secret(name)
            },
            region: signedRegion)
        // It stands in a header of every request.
        let isPlain = signing.accessKey.utf8.allSatisfy {
            (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ",")
        }
        guard isPlain else {
            throw DeliveryError(
                "cannot use the credential '\(accessKey)': it holds no access key (letters and "
                    + "digits); are the two parts swapped?", remedy: .fixChannel)
        }
        return S3Bucket(self, signing, try tls.trust(means.credentials), means)
    }

    var signedRegion: String { region ?? "us-east-1" }
    var bucket: String { address.host }
    /// Of every key; empty, or with a slash at its end.
    var prefix: String { String(address.path.dropFirst()) }

    var service: S3Endpoint { endpoint ?? .amazon(signedRegion) }

    /// Amazon is giving up the style `path`; but its certificate has one label for the bucket. Others
    /// rarely have a name in the DNS for each bucket.
    var shownStyle: S3Endpoint.Style {
        style ?? (endpoint == nil && !bucket.contains(".") ? .host : .path)
    }

    /// Where the public sees what is called so here.
    func publicAddress(_ name: RemoteName) -> String? {
        publicBase.map { $0 + ($0.hasSuffix("/") ? "" : "/") + name.rawValue }
    }
}
