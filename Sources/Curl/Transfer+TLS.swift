package import Model

extension Transfer {
    /// Whom to believe over TLS and as whom to appear. Nothing set: whom the system believes, and
    /// as nobody.
    package struct TLS: Sendable {
        /// Path of certificates in PEM form: one of them must have signed the server's, and the
        /// system's own do not count.
        package var authorities: String?
        /// `SHA256:…` of public keys. One of them must be the server's; without `authorities`
        /// that is enough, whoever has signed it and for whatever name.
        package var pins: Set<String>
        /// Paths of our own certificate and its key, in PEM form.
        package var certificate: String?
        package var key: String?
        package var passphrase: Secret?

        package init(
            authorities: String? = nil, pins: Set<String> = [], certificate: String? = nil,
            key: String? = nil, passphrase: Secret? = nil
        ) {
            self.authorities = authorities
            self.pins = pins
            self.certificate = certificate
            self.key = key
            self.passphrase = passphrase
        }
    }
}
