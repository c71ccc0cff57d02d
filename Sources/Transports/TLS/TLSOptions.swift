import Curl
private import Foundation
package import Model

/// Whom a channel believes over TLS, and as whom it appears there. Nothing set: whoever has a
/// certificate for the host's name from an authority that the system knows; as nobody.
package struct TLSOptions: Sendable, Hashable {
    /// Name of the credential with the certificates of those who may have signed the server's, in
    /// PEM form. None of the system's counts then.
    package var authorities: String?
    /// `SHA256:…` of public keys: the server's own must be among them. Without `authorities` that is
    /// enough, whoever has signed its certificate.
    package var pins: [String]
    /// Names of the credentials with our own certificate and its key, in PEM form.
    package var certificate: String?
    package var key: String?

    package init(
        authorities: String? = nil, pins: [String] = [], certificate: String? = nil,
        key: String? = nil
    ) {
        self.authorities = authorities
        self.pins = pins
        self.certificate = certificate
        self.key = key
    }

    package var credentials: [String] { [authorities, certificate, key].compactMap(\.self) }

    /// Reads the files, so that a mistake in one is told before anything is dialled: libcurl has one
    /// error for all of them.
    func trust(_ credentials: Credentials) throws(DeliveryError) -> Transfer.TLS {
        Transfer.TLS(
            authorities: try Self.path(authorities, "CERTIFICATE", credentials),
            pins: Set(pins), certificate: try Self.path(certificate, "CERTIFICATE", credentials),
            key: try Self.path(key, "PRIVATE KEY", credentials))
    }

    private static func path(
        _ name: String?, _ kind: String, _ credentials: Credentials
    ) throws(DeliveryError) -> String? {
        guard let name else { return nil }
        func refusal(_ why: String) -> DeliveryError {
            DeliveryError("cannot use the credential '\(name)': \(why)", remedy: .fixChannel)
        }
        let (path, data) = try credentials.read(name)
        let heads = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
            .filter { $0.hasPrefix("-----BEGIN ") }
        guard heads.contains(where: { $0.hasSuffix("\(kind)-----") }) else {
            throw refusal("it holds no '\(kind)' in PEM form")
        }
        guard !heads.contains(where: { $0.contains("ENCRYPTED") }) else {
            throw refusal(
                "it is encrypted; 'openssl pkey -in FILE -out FILE.plain' takes the passphrase away, "
                    + "and the file's rights protect it")
        }
        return path
    }
}
