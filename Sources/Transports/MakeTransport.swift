private import Curl
private import Foundation
package import Host
package import Model

/// The destination an address names. Reads and checks the credentials it needs, so a mistake in them
/// is reported before anything is dialled; make a new one when `credentials.revision(for:)` has
/// changed. Opens nothing yet. Reads small files: call it where blocking is allowed.
package func makeTransport(
    _ address: DestinationAddress, credentials: Credentials, timeouts: Timeouts = Timeouts(),
    clock: WallClock = .system
) throws(DeliveryError) -> any Transport {
    switch address.scheme {
    case .file:
        return FolderTransport(address)
    case .http, .https:
        let login = try httpLogin(address, credentials)
        return HTTPTransport(address, login: login, timeouts: timeouts, clock: clock)
    case .sftp:
        try check(address)
        let login = try sshLogin(address, credentials)
        return SFTPTransport(address, login: login, timeouts: timeouts)
    case .s3:
        throw refusal(address, "s3 is not built yet; use 'https', 'sftp' or 'file'")
    }
}

/// The host key a server shows, `SHA256:…`, without logging in: for whoever wants the
/// line to paste. Whether it is the right one only the server's operator can tell.
package func shownHostKey(
    _ address: DestinationAddress, timeouts: Timeouts = Timeouts()
) async throws(DeliveryError) -> String {
    let session = Session(name: "host key")
    var transfer = Transfer(.command, address.origin + "/")
    // Matches no key: the server is asked to show its own, and refused.
    transfer.hostKeys = ["none"]
    transfer.login = .ssh(user: "probe", password: nil, keyFile: nil, passphrase: nil)
    transfer.allowPrivate = address.allowPrivate
    transfer.deadlines = timeouts.deadlines(bytes: 0)
    let result: Result<Response, CurlFailure>
    do throws(CurlFailure) {
        result = .success(try await session.perform(transfer))
    } catch {
        result = .failure(error)
    }
    await session.close()
    let attempt = Attempt(verb: "ask for", name: "host key", address: address)
    guard case .failure(let failure) = result else {
        throw attempt.error("the server showed none", .fixProfile)
    }
    guard let seen = failure.seenHostKey else { throw attempt.error(failure) }
    return seen
}

private func httpLogin(
    _ address: DestinationAddress, _ credentials: Credentials
) throws(DeliveryError) -> Transfer.Login {
    if let token = address.token { return .bearer(try credentials.secret(token)) }
    guard let password = address.password else { return .none }
    return .basic(user: address.user ?? "", password: try credentials.secret(password))
}

private func sshLogin(
    _ address: DestinationAddress, _ credentials: Credentials
) throws(DeliveryError) -> Transfer.Login {
    guard let user = address.user, !user.isEmpty else {
        throw refusal(address, "'user' is missing")
    }
    let password = try address.password.map { name throws(DeliveryError) in
        try credentials.secret(name)
    }
    let passphrase = try address.passphrase.map { name throws(DeliveryError) in
        try credentials.secret(name)
    }
    guard let name = address.key else {
        guard password != nil else { throw refusal(address, "neither 'key' nor 'password' is set") }
        return .ssh(user: user, password: password, keyFile: nil, passphrase: nil)
    }
    let (path, data) = try credentials.read(name)
    try check(data, name, hasPassphrase: passphrase != nil)
    return .ssh(user: user, password: password, keyFile: path, passphrase: passphrase)
}

private func check(
    _ data: Data, _ name: String, hasPassphrase: Bool
) throws(DeliveryError) {
    let key: PrivateKey
    do throws(PrivateKey.Unusable) {
        key = try PrivateKey(data)
    } catch {
        throw DeliveryError("cannot use the key '\(name)': \(error.why)", remedy: .fixChannel)
    }
    if key.kind == .rsa {
        throw DeliveryError(
            "cannot use the key '\(name)': it is RSA, which today's servers refuse from libssh2 "
                + "1.10 (SHA-1 signatures); make one with 'ssh-keygen -t ed25519' (or ecdsa)",
            remedy: .fixChannel)
    }
    if key.isEncrypted && !hasPassphrase {
        throw DeliveryError(
            "cannot use the key '\(name)': it is encrypted and the profile names no 'passphrase'",
            remedy: .fixChannel)
    }
}

/// What an SFTP address must say before anything is dialled.
private func check(_ address: DestinationAddress) throws(DeliveryError) {
    guard !address.hostKeys.isEmpty else {
        throw refusal(
            address, "no 'host_keys' are pinned; 'ssh-keyscan HOST | ssh-keygen -lf -' prints them")
    }
    let segments = address.path.split(separator: "/")
    let isPlain = address.path.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    guard address.path.hasPrefix("/"), address.path.hasSuffix("/"), isPlain,
        !segments.contains(".."), !segments.contains(".")
    else { throw refusal(address, "the path must be absolute and plain, and end in '/'") }
    guard segments.first?.hasPrefix("~") != true else {
        throw refusal(address, "write the account's directory out in full in place of '~'")
    }
}

private func refusal(_ address: DestinationAddress, _ why: String) -> DeliveryError {
    DeliveryError("cannot use '\(address.description)': \(why)", remedy: .fixProfile)
}

extension DestinationAddress {
    /// `https://host:port`, an IPv6 address in brackets.
    var origin: String {
        let host = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return "\(scheme.rawValue)://\(host)\(port.map { ":\($0)" } ?? "")"
    }
}

extension String {
    /// Percent-encodes what may not stand in the path of a URL.
    /// - Parameter keeping: characters that stay although they are special.
    func encodedPath(keeping: String = "") -> String {
        let kept = Set("/-._~!$&'()*+,;=:@\(keeping)".utf8)
        return utf8.map { byte in
            let isWord =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte)
            if isWord || kept.contains(byte) { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return byte < 16 ? "%0\(digits)" : "%\(digits)"
        }.joined()
    }
}
