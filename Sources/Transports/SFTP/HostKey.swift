private import Curl
import Model

/// How a server's key is seen without us.
enum HostKey {
    static func scan(_ address: DestinationAddress) -> String {
        let port = address.port.map { "-p \($0) " } ?? ""
        return "ssh-keyscan \(port)\(address.host) | ssh-keygen -lf -"
    }
}

extension SFTPOptions {
    /// The host key the server shows, `SHA256:…`, without logging in: for whoever wants the
    /// line to paste. Whether it is the right one only the server's operator can tell.
    package func shownHostKey(
        timeouts: Timeouts = Timeouts()
    ) async throws(DeliveryError) -> String {
        let session = Session(name: "host key")
        var transfer = Transfer(.command, target.origin + "/")
        // Matches no key: the server is asked to show its own, and refused.
        transfer.hostKeys = ["none"]
        transfer.login = .ssh(user: "probe", password: nil, keyFile: nil, passphrase: nil)
        transfer.allowPrivate = target.allowPrivate
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
}
