import Curl
import Model

extension Attempt {
    /// What an FTP server's refusal means (RFC 959, 4.2, and what servers make of it).
    func error(ftp failure: CurlFailure, _ protection: FTPOptions.Protection) -> DeliveryError {
        switch failure.code {
        case .noTLS:
            return error(
                "the server does not encrypt (\(failure.message.asClause)), so no file was sent; only "
                    + "where the partner has nothing better write 'ftp://' with 'plain_text: true'",
                .fixProfile)
        case .tlsHandshake where failure.reply == nil && protection == .implicit:
            return error(
                "\(failure.message.asClause); if the server encrypts by command (AUTH TLS, on port 21) "
                    + "its address begins with 'ftpes://'", .retry(after: nil))
        case .couldNotConnect where failure.reply != nil:
            return error(
                "the port the server names for the data cannot be reached "
                    + "(\(failure.message.asClause)); its firewall must let its passive ports in",
                .retry(after: nil))
        default:
            guard let reply = failure.reply, reply.isRefusal else { return error(failure) }
            return error(reply, failure)
        }
    }

    private func error(_ reply: Reply, _ failure: CurlFailure) -> DeliveryError {
        let words = "'\(reply)'"
        switch reply.code {
        case 421:
            return error(
                "the server takes no more connections, or ends this one (\(words)); fewer 'sessions' "
                    + "may help", .retry(after: nil))
        case 430, 530, 532:
            return error(
                "the server refused the user '\(account.user ?? "")' with the password "
                    + "'\(account.password ?? "")' (\(words))", .fixChannel)
        case 452, 552:
            return noRoom(
                "the server has no room for it, its disk or the account's quota is full (\(words))")
        case 451:
            // What vsftpd says of a full disk.
            return noRoom(
                "the server could not keep it (\(words)); is its disk or the account's quota full?")
        case 553:
            return error(
                "the server takes no file of that name (\(words)); correct 'name' in the profile, "
                    + "unless the account '\(account.user ?? "")' may not write there", .fixInput)
        case 550:
            return error(
                "the server denies access (\(words)); the account '\(account.user ?? "")' needs its "
                    + "rights there", .fixChannel)
        case 500...504:
            return error(
                "the server does not know how to (\(words)); does 'to' in the profile point to an FTP "
                    + "server?", .fixProfile)
        case 500...:
            return error("the server refuses (\(words))", .fixChannel)
        default:
            return error("the server could not (\(words))", .retry(after: nil))
        }
    }
}
