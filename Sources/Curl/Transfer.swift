package import Foundation
package import Model

/// One request: everything a connection needs to know, as a value. The scheme of the URL is the
/// only one it may use; redirects are never followed; proxies, `.netrc` and the user's SSH files
/// are never looked at.
package struct Transfer: Sendable {
    package enum Method: Sendable {
        /// HTTP GET, SFTP and FTP download.
        case get
        /// HTTP HEAD; SFTP, FTP: the size of a file (`Response.contentLength`).
        case head
        /// HTTP PUT, SFTP and FTP upload over whatever is there.
        case put
        case post, delete
        /// WebDAV: makes a folder; its URL ends in `/`.
        case mkcol
        /// SFTP, FTP: the names in a directory, a line each.
        case list
        /// SFTP: the same with all that the server says of each, as `ls -l` writes it.
        case listDetails
        /// FTP: those too that begin with a dot, on servers that hide them otherwise.
        case listHidden
        /// SFTP, FTP: only `commands`.
        case command
    }

    package enum Body: Sendable {
        case none
        case data(Data)
        /// Hashed while it is sent. The last bytes leave only when the hash is right, so that a
        /// server never gets the whole of a file that changed meanwhile.
        case file(path: String, bytes: Int64, sha256: ContentHash)
        /// Some bytes of a file, and their hash.
        case part(path: String, offset: Int64, bytes: Int64, sha256: ContentHash)
        /// A whole file between other bytes, as a form has it.
        case enclosed(Data, file: (path: String, bytes: Int64, sha256: ContentHash), Data)

        package var count: Int64 {
            switch self {
            case .none: 0
            case .data(let data): Int64(data.count)
            case .file(_, let bytes, _), .part(_, _, let bytes, _): bytes
            case .enclosed(let head, let file, let tail):
                Int64(head.count) + file.bytes + Int64(tail.count)
            }
        }
    }

    /// What becomes of the answer's body. Beyond its limit (bytes) a transfer fails with `.tooLarge`.
    package enum Sink: Sendable {
        case keep(limit: Int)
        /// The first bytes are kept, the rest is thrown away.
        case beginning(Int, limit: Int64)
        /// Hashed and thrown away: `Response.sha256`.
        case digest(limit: Int64)
        /// Handed over as it comes, on the session's thread: must not block. False ends the
        /// transfer with `.refusedByCaller`.
        case stream(@Sendable (Data) -> Bool)
    }

    package enum Login: Sendable {
        case none
        /// HTTP and FTP.
        case basic(user: String, password: Secret)
        case bearer(Secret)
        /// Exactly these; no key of the account the daemon runs under is ever tried.
        case ssh(user: String, password: Secret?, keyFile: String?, passphrase: Secret?)

        package var secrets: [Secret] {
            switch self {
            case .none: []
            case .basic(let user, let password):
                [password, Secret(Data("\(user):\(password.reveal())".utf8).base64EncodedString())]
            case .bearer(let token): [token]
            case .ssh(_, let password, _, let passphrase):
                [password, passphrase].compactMap(\.self)
            }
        }
    }

    package var method: Method
    package var url: String
    /// `Name: value`; a name with nothing after the colon takes away what libcurl would send.
    package var headers: [String] = []
    package var body = Body.none
    package var sink = Sink.keep(limit: 64 << 10)
    package var login = Login.none
    /// Path of a Unix socket to connect to in place of the URL's host.
    package var unixSocket: String?
    /// SFTP and FTP commands that run before the method, arguments quoted by the caller. One that
    /// begins with `*` may fail.
    package var commands: [String] = []
    /// SFTP commands that run after it, where it went well.
    package var commandsAfter: [String] = []
    /// `SHA256:…` of the host keys that are accepted. SFTP without one fails before it dials.
    package var hostKeys: Set<String> = []
    /// `https:`, `ftps:` and `ftp:`.
    package var tls = TLS()
    /// `ftp:` is encrypted, by the command AUTH TLS before anything else, unless this is set.
    package var plainText = false
    /// Loopback, link-local and private addresses are refused at connect time unless this is set.
    package var allowPrivate = false
    package var deadlines = Deadlines()
    /// What it may send; the session's own.
    var bandwidth: Bandwidth?

    package init(_ method: Method, _ url: String) {
        self.method = method
        self.url = url
    }

    /// Not to be called slow for keeping to it.
    func limited(by bandwidth: Bandwidth) -> Transfer {
        var limited = self
        limited.bandwidth = bandwidth
        if limited.deadlines.total > 0 {
            limited.deadlines.total += 1.5 * Double(body.count) / bandwidth.share
        }
        limited.deadlines.slowBytes = min(deadlines.slowBytes, Int(bandwidth.share / 4))
        return limited
    }
}

/// All in seconds; 0 is no limit.
package struct Deadlines: Sendable, Hashable {
    /// Name lookup, connection, TLS or SSH handshake and login.
    package var connect: Double
    /// Slower than `slowBytes` a second for this long ends the transfer.
    package var slow: Double
    package var slowBytes: Int
    package var total: Double

    package init(
        connect: Double = 20, slow: Double = 60, slowBytes: Int = 512, total: Double = 300
    ) {
        self.connect = connect
        self.slow = slow
        self.slowBytes = slowBytes
        self.total = total
    }
}

/// An answer of any status; whether it is a good one is the caller's business.
package struct Response: Sendable {
    /// HTTP status; 0 for SFTP.
    package var status: Int
    /// Names in lower case; the last of several of one name.
    package var headers: [String: String]
    package var body: Data
    /// Of the body, when the sink was `.digest`.
    package var sha256: ContentHash?
    package var downloaded: Int64
    package var uploaded: Int64
    /// Nil when the peer did not say.
    package var contentLength: Int64?
    /// What was really asked, such as `PUT`; empty for SFTP.
    package var effectiveMethod: String
    package var primaryIP: String
    /// Where a redirect pointed.
    package var location: String?
    /// FTP: all that the server said, in order, with the login where there was one.
    package var replies: [Reply] = []
}
