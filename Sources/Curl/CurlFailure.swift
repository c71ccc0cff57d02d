import CCurl
package import Foundation

/// A transfer that got no whole answer. An answer with a bad status is a `Response`.
package struct CurlFailure: Error, Sendable, CustomStringConvertible {
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: Int32
        package init(rawValue: Int32) { self.rawValue = rawValue }
        init(_ code: CURLcode) { rawValue = Int32(code.rawValue) }

        package static let badURL = Code(CURLE_URL_MALFORMAT)
        package static let wrongScheme = Code(CURLE_UNSUPPORTED_PROTOCOL)
        /// As an SSH server that hangs up before it has said anything.
        package static let failedInit = Code(CURLE_FAILED_INIT)
        package static let couldNotResolve = Code(CURLE_COULDNT_RESOLVE_HOST)
        package static let couldNotConnect = Code(CURLE_COULDNT_CONNECT)
        package static let accessDenied = Code(CURLE_REMOTE_ACCESS_DENIED)
        package static let partialFile = Code(CURLE_PARTIAL_FILE)
        package static let commandFailed = Code(CURLE_QUOTE_ERROR)
        package static let uploadFailed = Code(CURLE_UPLOAD_FAILED)
        package static let timedOut = Code(CURLE_OPERATION_TIMEDOUT)
        package static let tlsHandshake = Code(CURLE_SSL_CONNECT_ERROR)
        package static let nothingReceived = Code(CURLE_GOT_NOTHING)
        package static let sendFailed = Code(CURLE_SEND_ERROR)
        package static let receiveFailed = Code(CURLE_RECV_ERROR)
        /// A TLS certificate that does not verify. SSH host keys have `.hostKey`.
        package static let untrustedPeer = Code(CURLE_PEER_FAILED_VERIFICATION)
        /// The system's own collection of certificates is missing.
        package static let noCertificates = Code(CURLE_SSL_CACERT_BADFILE)
        package static let tooLarge = Code(CURLE_FILESIZE_EXCEEDED)
        package static let loginDenied = Code(CURLE_LOGIN_DENIED)
        package static let diskFull = Code(CURLE_REMOTE_DISK_FULL)
        package static let fileExists = Code(CURLE_REMOTE_FILE_EXISTS)
        package static let noSuchFile = Code(CURLE_REMOTE_FILE_NOT_FOUND)
        package static let ssh = Code(CURLE_SSH)
        /// FTP: the server does not encrypt although it must.
        package static let noTLS = Code(CURLE_USE_SSL_FAILED)
        /// None of the pinned keys.
        package static let untrustedKey = Code(CURLE_SSL_PINNEDPUBKEYNOTMATCH)
        /// Our own certificate or its key.
        package static let clientCertificate = Code(CURLE_SSL_CERTPROBLEM)
        package static let notGiven = Code(CURLE_FTP_COULDNT_RETR_FILE)

        // Ours: libcurl's are positive.
        package static let cancelled = Code(rawValue: -1)
        package static let closed = Code(rawValue: -2)
        /// The name resolves to an address on this machine or its own network.
        package static let privateAddress = Code(rawValue: -3)
        /// None of the pins; `seenHostKey` says what the server showed.
        package static let hostKey = Code(rawValue: -4)
        /// The file to send is not the one that was measured.
        package static let changed = Code(rawValue: -5)
        package static let unreadable = Code(rawValue: -6)
        package static let refusedByCaller = Code(rawValue: -7)
        /// The server takes no file of that name.
        package static let nameRefused = Code(rawValue: -8)
        /// The program that prints the password did not.
        package static let noPassword = Code(rawValue: -9)
    }

    /// How far it got.
    package enum Phase: String, Sendable {
        case connect, login, transfer
    }

    package var code: Code
    /// libcurl's own words about this transfer, or ours; lower case where ours; holds no secret.
    package var message: String
    /// errno of the last failed socket call, 0 when there was none.
    package var osErrno: Int32
    package var phase: Phase
    /// Of an answer that had begun, else 0.
    package var httpStatus: Int
    /// What there was of the answer's headers, as in `Response`.
    package var headers: [String: String] = [:]
    /// What there was of its body, where the sink keeps it.
    package var body = Data()
    /// The last thing an FTP server said.
    package var reply: Reply?
    /// Bytes of our body that were given out.
    package var sent: Int64 = 0
    /// `SHA256:…` of the key an SSH server showed, when it is the reason.
    package var seenHostKey: String?

    /// What a server answered that refused a body before its end; nil when it had not answered.
    package var answer: Response? { httpStatus >= 400 ? begun : nil }

    /// What there was of an answer.
    package var begun: Response {
        Response(
            status: httpStatus, headers: headers, body: body, downloaded: 0, uploaded: 0,
            effectiveMethod: "", primaryIP: "")
    }

    package init(
        _ code: Code, _ message: String, osErrno: Int32 = 0, phase: Phase = .connect,
        httpStatus: Int = 0, seenHostKey: String? = nil
    ) {
        self.code = code
        self.message = message
        self.osErrno = osErrno
        self.phase = phase
        self.httpStatus = httpStatus
        self.seenHostKey = seenHostKey
    }

    package var description: String { message }
}
