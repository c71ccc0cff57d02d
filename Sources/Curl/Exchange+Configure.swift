import CCurl
private import Foundation
private import Model

extension Exchange {
    /// Small PUTs do not wait for the peer's leave: it cost a second each.
    private static let expectAbove: Int64 = 1 << 20
    /// At 50 ms round trip an SFTP upload went from 1.1 to 8.1 MB/s with this buffer.
    private static let uploadBuffer: Int64 = 2 << 20

    func configure(
        _ errorText: UnsafeMutablePointer<CChar>, _ tlsSessions: UnsafeMutableRawPointer?
    ) throws(CurlFailure) {
        let transfer = job.transfer
        guard let colon = transfer.url.firstIndex(of: ":") else {
            throw CurlFailure(.badURL, "'\(transfer.url)' is not a URL")
        }
        let scheme = String(transfer.url[..<colon])
        guard ["http", "https", "sftp", "ftp", "ftps"].contains(scheme) else {
            throw CurlFailure(.wrongScheme, "'\(scheme):' is not a scheme we speak")
        }
        _ = sluice_curl_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
        set(CURLOPT_URL, transfer.url)
        set(CURLOPT_PROTOCOLS_STR, scheme)
        setIsolation()
        setDeadlines(transfer)
        setLogin(transfer.login)
        setMethod(transfer.method)
        setCallbacks()
        if scheme == "sftp" {
            try setHostKeys(transfer)
            set(CURLOPT_QUOTE, transfer.commands)
            set(CURLOPT_POSTQUOTE, transfer.commandsAfter)
        } else if isFTP {
            try setFTP(transfer, tlsSessions)
            setTLS(transfer.tls)
        } else {
            setHeaders(transfer.headers)
            setTLS(transfer.tls)
        }
        if let path = transfer.unixSocket { set(CURLOPT_UNIX_SOCKET_PATH, path) }
    }

    func set(_ option: CURLoption, _ value: String) {
        _ = sluice_curl_text(handle, option, value)
    }

    func set(_ option: CURLoption, _ value: Int) {
        _ = sluice_curl_long(handle, option, value)
    }

    private func setIsolation() {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOPROXY, "*")
        set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        // HTTP/2 where a server offers it with TLS; never by asking for an upgrade.
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_BUFFERSIZE, 256 << 10)
        // libssh2 closes an idle session without telling; keep-alive tells within two minutes.
        set(CURLOPT_TCP_KEEPALIVE, 1)
    }

    private func setDeadlines(_ transfer: Transfer) {
        let deadlines = transfer.deadlines
        // libcurl takes 0 for its own default of 300 s here: a day is our "no limit".
        let connect = deadlines.connect > 0 ? deadlines.connect : 86_400
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(connect * 1000))
        set(CURLOPT_TIMEOUT_MS, Int(deadlines.total * 1000))
        set(CURLOPT_LOW_SPEED_LIMIT, deadlines.slow > 0 ? deadlines.slowBytes : 0)
        set(CURLOPT_LOW_SPEED_TIME, Int(deadlines.slow.rounded(.up)))
    }

    private func setLogin(_ login: Transfer.Login) {
        // Never what the account's home directory offers.
        set(CURLOPT_SSH_AUTH_TYPES, Int(CURLSSH_AUTH_NONE))
        switch login {
        case .none:
            break
        case .basic(let user, let password):
            set(CURLOPT_HTTPAUTH, sluice_curl_auth_basic)
            set(CURLOPT_USERNAME, user)
            set(CURLOPT_PASSWORD, password.reveal())
        case .bearer(let token):
            set(CURLOPT_HTTPAUTH, sluice_curl_auth_bearer)
            set(CURLOPT_XOAUTH2_BEARER, token.reveal())
        case .ssh(let user, let password, let keyFile, let passphrase):
            set(CURLOPT_USERNAME, user)
            var methods = 0
            if let keyFile {
                methods |= Int(CURLSSH_AUTH_PUBLICKEY)
                set(CURLOPT_SSH_PRIVATE_KEYFILE, keyFile)
                set(CURLOPT_KEYPASSWD, passphrase?.reveal() ?? "")
            }
            if let password {
                methods |= Int(CURLSSH_AUTH_PASSWORD) | Int(CURLSSH_AUTH_KEYBOARD)
                set(CURLOPT_PASSWORD, password.reveal())
            }
            set(CURLOPT_SSH_AUTH_TYPES, methods)
        }
    }

    private func setMethod(_ method: Transfer.Method) {
        switch method {
        case .get: set(CURLOPT_HTTPGET, 1)
        case .head, .command: set(CURLOPT_NOBODY, 1)
        case .listDetails: set(CURLOPT_DIRLISTONLY, 0)
        case .list, .listHidden: set(CURLOPT_DIRLISTONLY, 1)
        case .delete: set(CURLOPT_CUSTOMREQUEST, "DELETE")
        case .mkcol: set(CURLOPT_CUSTOMREQUEST, "MKCOL")
        case .put:
            set(CURLOPT_UPLOAD, 1)
            setBody(CURLOPT_INFILESIZE_LARGE)
        case .post:
            set(CURLOPT_POST, 1)
            setBody(CURLOPT_POSTFIELDSIZE_LARGE)
        }
    }

    private func setBody(_ size: CURLoption) {
        let count = reader?.count ?? 0
        _ = sluice_curl_offset(handle, size, curl_off_t(count))
        // Of a limited one no more at a time than goes in a second.
        let most = min(Self.uploadBuffer, job.transfer.bandwidth?.bytesPerSecond ?? .max)
        let buffer = min(max(count, 64 << 10), max(most, 16 << 10))
        set(CURLOPT_UPLOAD_BUFFERSIZE, Int(buffer))
    }

    private func setHeaders(_ headers: [String]) {
        var all = headers
        if (reader?.count ?? 0) < Self.expectAbove { all.append("Expect:") }
        if !headers.contains(where: { $0.lowercased().hasPrefix("content-type:") }) {
            all.append("Content-Type:")
        }
        set(CURLOPT_HTTPHEADER, all)
    }

    private func setHostKeys(_ transfer: Transfer) throws(CurlFailure) {
        guard !transfer.hostKeys.isEmpty else {
            throw CurlFailure(.hostKey, "no host key is pinned, so the server cannot be trusted")
        }
        _ = sluice_curl_on_host_key(handle, onHostKey, me)
    }

    var me: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    private func setCallbacks() {
        _ = sluice_curl_on_body(handle, onBody, me)
        _ = sluice_curl_on_header(handle, onHeader, me)
        _ = sluice_curl_on_read(handle, onRead, me)
        _ = sluice_curl_on_seek(handle, onSeek, me)
        if !job.transfer.allowPrivate && job.transfer.unixSocket == nil {
            _ = sluice_curl_on_socket(handle, onSocket, me)
        }
    }
}

// Called by libcurl on the session's thread while the exchange is in the loop's table, which keeps
// it alive. Anything but the expected return value ends the transfer.

func exchange(_ data: UnsafeMutableRawPointer?) -> Exchange {
    Unmanaged<Exchange>.fromOpaque(data!).takeUnretainedValue()
}

private let onBody: curl_write_callback = { bytes, size, count, data in
    let exchange = exchange(data)
    do throws(CurlFailure) {
        try exchange.receiver.take(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
        return size * count
    } catch {
        exchange.refusal = error
        return 0
    }
}

private let onHeader: curl_write_callback = { bytes, size, count, data in
    let exchange = exchange(data)
    do throws(CurlFailure) {
        try exchange.receiver.take(
            header: UnsafeRawBufferPointer(start: bytes, count: size * count))
        return size * count
    } catch {
        exchange.refusal = error
        return 0
    }
}

private let onRead: curl_read_callback = { buffer, size, count, data in
    let exchange = exchange(data)
    guard let reader = exchange.reader else { return 0 }
    var room = UnsafeMutableRawBufferPointer(start: buffer, count: size * count)
    if let bandwidth = exchange.job.transfer.bandwidth, reader.sent < reader.count {
        let given = bandwidth.take(
            Int(min(Int64(room.count), reader.count - reader.sent)), for: ObjectIdentifier(exchange)
        )
        guard given > 0 else {
            exchange.waitsForBandwidth = true
            return Int(CURL_READFUNC_PAUSE)
        }
        room = UnsafeMutableRawBufferPointer(rebasing: room[..<given])
    }
    return reader.read(into: room) ?? Int(CURL_READFUNC_ABORT)
}

private let onSeek: curl_seek_callback = { data, offset, origin in
    let reader = exchange(data).reader
    let done = origin == SEEK_SET && (reader?.rewind(to: Int64(offset)) ?? (offset == 0))
    return done ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
}

private let onSocket: curl_opensocket_callback = { data, _, address in
    guard let address else { return CURL_SOCKET_BAD }
    let start = UnsafeRawPointer(address) + MemoryLayout<curl_sockaddr>.offset(of: \.addr)!
    if PeerAddress.isPrivate(start.assumingMemoryBound(to: sockaddr.self)) {
        exchange(data).refusal = CurlFailure(
            .privateAddress,
            "the host's address is a private one, which only 'allow_private: true' permits")
        return CURL_SOCKET_BAD
    }
    // Another address of the same name may have been refused before.
    exchange(data).refusal = nil
    let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    return socket(address.pointee.family, kind, address.pointee.protocol)
}

private let onHostKey: curl_sshhostkeycallback = { data, _, key, length in
    let exchange = exchange(data)
    let bytes = UnsafeRawBufferPointer(start: key, count: length)
    let digest = Data(SHA256.hash(bytes)).base64EncodedString()
    let seen = "SHA256:" + digest.replacing("=", with: "")
    if exchange.job.transfer.hostKeys.contains(seen) { return Int32(CURLKHMATCH_OK.rawValue) }
    exchange.refusal = CurlFailure(
        .hostKey, "the server showed the host key '\(seen)', which is not one of those pinned",
        seenHostKey: seen)
    return Int32(CURLKHMATCH_MISMATCH.rawValue)
}
