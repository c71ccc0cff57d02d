import Curl
package import Model

/// An account on an FTP server. The scheme says how it is protected, in the words of FileZilla and
/// WinSCP, which is where partners read them: one address never means two things, and `ftp://` is in
/// the clear wherever one reads it.
package struct FTPOptions: TransportOptions {
    package enum Protection: String, Sendable, CaseIterable {
        /// TLS by the command AUTH TLS, before the login (RFC 4217); never goes on without.
        case explicit = "ftpes"
        /// TLS from the first byte, on port 990.
        case implicit = "ftps"
        case none = "ftp"
    }

    package var target: Target
    package var user: String?
    package var password: Password?
    package var tls: TLSOptions
    /// Without it `ftp://` is refused.
    package var plainText: Bool
    package var finish: Finish

    package init(
        _ target: Target, user: String? = nil, password: Password? = nil,
        tls: TLSOptions = TLSOptions(), plainText: Bool = false, finish: Finish = .rename
    ) {
        self.target = target
        self.user = user
        self.password = password
        self.tls = tls
        self.plainText = plainText
        self.finish = finish
    }

    package var protection: Protection { Protection(rawValue: address.scheme) ?? .explicit }

    package var handsOut: HandsOut { .files }

    package var credentials: [String] {
        [password?.credential].compactMap(\.self) + tls.credentials
    }

    package var passwordProgram: String? { password?.program }

    package var cautions: [String] {
        guard protection == .none else { return [] }
        return [
            "'plain_text: true': the password '\(password?.description ?? "")' and all files go to "
                + "'\(address.description)' in clear, where anyone on the way reads and changes them; "
                + "ask the partner for ftpes:// or ftps://"
        ]
    }

    package var showsByRename: Bool { finish.manner == .rename }

    package var marksBatches: Bool { finish.marker?.per == .batch }

    package func makeTransport(_ means: TransportMeans) throws(DeliveryError) -> any Transport {
        guard protection != .none || plainText else { throw refusal(Self.clearText) }
        guard let user, !user.isEmpty else { throw refusal("'user' is missing") }
        guard let password else { throw refusal("'password' is missing") }
        let login = try password.source(means) { .basic(user: user, password: $0) }
        let peer = FTPPeer(
            self, login: login, tls: try tls.trust(means.credentials), means)
        let account = Account(user: user, password: password.description)
        return FileServerTransport(peer, address, account, finish, tidies: means.tidies)
    }

    static let clearText =
        "ftp:// sends the password and all files in clear; write ftpes:// (TLS, on port 21) or ftps:// "
        + "(TLS from the start, on port 990); where the partner has neither, say 'plain_text: true'"
}
