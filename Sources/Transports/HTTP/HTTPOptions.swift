private import Curl
package import Model

/// A server that takes files by PUT.
package struct HTTPOptions: TransportOptions {
    package var target: Target
    package var user: String?
    package var password: Password?
    /// Name of the credential sent as `Authorization: Bearer`.
    package var token: String?
    package var tls: TLSOptions

    package init(
        _ target: Target, user: String? = nil, password: Password? = nil, token: String? = nil,
        tls: TLSOptions = TLSOptions()
    ) {
        self.target = target
        self.user = user
        self.password = password
        self.token = token
        self.tls = tls
    }

    package var credentials: [String] {
        [password?.credential, token].compactMap(\.self) + tls.credentials
    }

    package func makeTransport(_ means: TransportMeans) throws(DeliveryError) -> any Transport {
        HTTPTransport(
            self, login: try login(means), tls: try tls.trust(means.credentials), means)
    }

    private func login(_ means: TransportMeans) throws(DeliveryError) -> LoginSource {
        if let token { return .fixed(.bearer(try means.credentials.secret(token))) }
        guard let password else { return .fixed(.none) }
        return try password.source(means) { [user] in .basic(user: user ?? "", password: $0) }
    }
}
