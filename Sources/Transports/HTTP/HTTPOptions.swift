private import Curl
package import Model

/// A server that takes files by PUT.
package struct HTTPOptions: TransportOptions {
    package var target: Target
    package var user: String?
    /// Name of the credential that holds a password.
    package var password: String?
    /// Name of the credential sent as `Authorization: Bearer`.
    package var token: String?
    package var tls: TLSOptions

    package init(
        _ target: Target, user: String? = nil, password: String? = nil, token: String? = nil,
        tls: TLSOptions = TLSOptions()
    ) {
        self.target = target
        self.user = user
        self.password = password
        self.token = token
        self.tls = tls
    }

    package var credentials: [String] { [password, token].compactMap(\.self) + tls.credentials }

    package func makeTransport(_ means: TransportMeans) throws(DeliveryError) -> any Transport {
        HTTPTransport(
            self, login: try login(means.credentials), tls: try tls.trust(means.credentials), means)
    }

    private func login(_ credentials: Credentials) throws(DeliveryError) -> Transfer.Login {
        if let token { return .bearer(try credentials.secret(token)) }
        guard let password else { return .none }
        return .basic(user: user ?? "", password: try credentials.secret(password))
    }
}
