import Curl
package import Model

/// A server that takes files by PUT or POST.
package struct HTTPOptions: TransportOptions {
    package var target: Target
    package var user: String?
    package var password: Password?
    /// Name of the credential sent as `Authorization: Bearer`.
    package var token: String?
    package var tls: TLSOptions
    /// Of the profile's own, with every request.
    package var headers: [OwnHeader] = []
    package var manner = HTTPManner()

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

    package var namesFiles: Bool { manner.object != nil }

    package var handsOut: HandsOut { .namedFiles }

    package var credentials: [String] {
        [password?.credential, token].compactMap(\.self) + headers.compactMap(\.credential)
            + tls.credentials
    }

    package var passwordProgram: String? { password?.program }

    /// With every request.
    var sendsSecrets: Bool { !credentials.isEmpty || password != nil }

    package var cautions: [String] {
        guard address.scheme == "http", sendsSecrets else { return [] }
        return [
            "the login goes to '\(address.description)' in clear with every file, where anyone on the way "
                + "reads it; if the server can, write https://"
        ]
    }

    package func makeTransport(_ means: TransportMeans) throws(DeliveryError) -> any Transport {
        var access = HTTPAccess(login: try login(means), tls: try tls.trust(means.credentials))
        for header in headers {
            let value = try header.secret(means.credentials)
            access.headers.append("\(header.name): \(value.reveal())")
            if header.credential != nil { access.secrets.append(value) }
        }
        return HTTPTransport(self, access, means)
    }

    private func login(_ means: TransportMeans) throws(DeliveryError) -> LoginSource {
        if let token { return .fixed(.bearer(try means.credentials.secret(token))) }
        guard let password else { return .fixed(.none) }
        return try password.source(means) { [user] in .basic(user: user ?? "", password: $0) }
    }
}

/// Whom to believe and as whom to appear, with what was read from the credentials.
struct HTTPAccess: Sendable {
    var login: LoginSource
    var tls: Transfer.TLS
    /// As libcurl takes them.
    var headers: [String] = []
    /// That no message may show, beside those of the login.
    var secrets: [Secret] = []
}
