import Curl
private import Foundation
import Model

/// What is being tried, so that every error says it: `cannot put 'a.jpg' on 'sftp://host/dir/'`.
struct Attempt {
    let verb: String
    /// Empty for the whole destination.
    let name: String
    let address: DestinationAddress
    var account = Account()

    func error(_ why: String, _ remedy: Remedy) -> DeliveryError {
        let what = name.isEmpty ? verb : "\(verb) '\(name)' on"
        return DeliveryError(
            "cannot \(what) '\(address.description)': \(why)", remedy: remedy)
    }

    /// For all that is known.
    func noRoom(_ why: String) -> DeliveryError {
        var error = error(why, .retry(after: nil))
        error.lacksRoom = true
        return error
    }

    /// For failures that mean the same whatever was asked.
    func error(_ failure: CurlFailure) -> DeliveryError {
        switch failure.code {
        case .changed:
            return error(
                "changed: \(failure.message); it is made again from its master", .fixInput)
        case .closed, .cancelled, .refusedByCaller:
            var error = error(failure.message, .retry(after: nil))
            error.origin = .ended
            return error
        case .noPassword:
            return error(failure.message, .fixChannel)
        case .unreadable:
            return error(failure.message, .fixHost)
        case .privateAddress, .badURL, .wrongScheme:
            return error(failure.message, .fixProfile)
        case .hostKey:
            return error(hostKeyWords(failure), .fixChannel)
        case .untrustedKey:
            return error(
                "the server showed a key that is not pinned in 'tls_pin', so nothing was sent; ask "
                    + "its operator whether there is a new one", .fixChannel)
        case .clientCertificate:
            return error(
                "'client_certificate' and 'client_key' cannot be used: \(failure.message.asClause)",
                .fixChannel)
        case .untrustedPeer:
            return error(
                "\(failure.message.asClause); the server's certificate must be mended, or its name "
                    + "in the profile; 'ca' and 'tls_pin' accept one that the system does not know",
                .fixChannel)
        case .noCertificates:
            return error(
                "\(failure.message.asClause); install the Debian package 'ca-certificates'",
                .fixHost)
        case .loginDenied:
            return error(loginWords(failure), .fixChannel)
        case .accessDenied:
            return error(
                "the server denies access (\(failure.message.asClause)); the account '"
                    + "\(account.user ?? "")' needs the right to write there", .fixChannel)
        case .diskFull:
            return noRoom(
                "the server has no room for it, its disk or the account's quota is full "
                    + "(\(failure.message.asClause))")
        // libcurl does not tell what an SFTP server says to a piece of a file.
        case .ssh where failure.sent > 0:
            return noRoom(
                "the server broke off while it was sent (\(failure.message.asClause)); is its disk "
                    + "or the account's quota full?")
        default:
            return error(failure.message.asClause, .retry(after: nil))
        }
    }

    private func hostKeyWords(_ failure: CurlFailure) -> String {
        guard let seen = failure.seenHostKey else { return failure.message }
        return "the server showed a host key that is not pinned, so nothing was sent; ask its "
            + "operator, and only if it is theirs add the line to 'host_keys': \"\(seen)\""
    }

    private func loginWords(_ failure: CurlFailure) -> String {
        let user = "the server refused the user '\(account.user ?? "")'"
        if let key = account.key {
            let passphrase = account.passphrase.map { " or the passphrase '\($0)' is not its" }
            return "\(user) with the key '\(key)': it is not authorized there\(passphrase ?? "")"
        }
        return "\(user) with the password '\(account.password ?? "")'"
    }
}

extension String {
    /// libcurl begins its sentences with a capital and sometimes ends them with a stop.
    var asClause: String {
        var text = self
        while let last = text.last, last == "." || last.isWhitespace { text.removeLast() }
        guard text.dropFirst().first?.isLowercase == true, let first = text.first else {
            return text
        }
        return first.lowercased() + text.dropFirst()
    }
}
