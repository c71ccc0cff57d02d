import Curl
package import Model

/// A server that takes files by PUT or POST.
package struct HTTPOptions: TransportOptions {
    package var target: Target
    package var user: String?
    /// Name of the credential that holds a password.
    package var password: String?
    /// Name of the credential sent as `Authorization: Bearer`.
    package var token: String?
    package var tls: TLSOptions
    /// Of the profile's own, with every request.
    package var headers: [OwnHeader] = []
    package var manner = HTTPManner()

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

    package var credentials: [String] {
        [password, token].compactMap(\.self) + headers.compactMap(\.credential) + tls.credentials
    }

    package func makeTransport(_ means: TransportMeans) throws(DeliveryError) -> any Transport {
        var access = HTTPAccess(
            login: try login(means.credentials), tls: try tls.trust(means.credentials))
        for header in headers {
            let value = try header.secret(means.credentials)
            access.headers.append("\(header.name): \(value.reveal())")
            if header.credential != nil { access.secrets.append(value) }
        }
        return HTTPTransport(self, access, means)
    }

    private func login(_ credentials: Credentials) throws(DeliveryError) -> Transfer.Login {
        if let token { return .bearer(try credentials.secret(token)) }
        guard let password else { return .none }
        return .basic(user: user ?? "", password: try credentials.secret(password))
    }
}

/// Whom to believe and as whom to appear, with what was read from the credentials.
struct HTTPAccess: Sendable {
    var login: Transfer.Login
    var tls: Transfer.TLS
    /// As libcurl takes them.
    var headers: [String] = []
    /// That no message may show.
    var secrets: [Secret]

    init(login: Transfer.Login, tls: Transfer.TLS) {
        self.login = login
        self.tls = tls
        secrets = login.secrets
    }
}
