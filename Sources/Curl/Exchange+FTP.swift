private import CCurl
private import Foundation
private import Model

extension Exchange {
    /// Passive, binary, encrypted unless it was said otherwise; names as they are, from the root.
    func setFTP(
        _ transfer: Transfer, _ tlsSessions: UnsafeMutableRawPointer?
    ) throws(CurlFailure) {
        try Self.refuseLineBreaks(transfer)
        let usesTLS = transfer.plainText ? CURLUSESSL_NONE : CURLUSESSL_ALL
        set(CURLOPT_USE_SSL, Int(usesTLS.rawValue))
        set(CURLOPT_FTPSSLAUTH, Int(CURLFTPAUTH_TLS.rawValue))
        // The server names a port; where it is, we know. An address of its own is not followed.
        set(CURLOPT_FTP_SKIP_PASV_IP, 1)
        set(CURLOPT_FTP_USE_EPSV, 1)
        let lists = transfer.method == .list || transfer.method == .listHidden
        // Some servers take an option or a directory with NLST, never both: enter it first.
        let method = lists ? CURLFTPMETHOD_SINGLECWD : CURLFTPMETHOD_NOCWD
        set(CURLOPT_FTP_FILEMETHOD, Int(method.rawValue))
        if transfer.method == .listHidden { set(CURLOPT_CUSTOMREQUEST, "NLST -a") }
        set(CURLOPT_QUOTE, transfer.commands)
        let patience = transfer.deadlines.slow > 0 ? transfer.deadlines.slow : 86_400
        set(CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, Int(patience.rounded(.up))))
        // A session reused for the data costs one round trip less, and many servers insist on it.
        if let tlsSessions { _ = sluice_curl_pointer(handle, CURLOPT_SHARE, tlsSessions) }
        _ = sluice_curl_on_progress(handle, onProgress, me)
    }

    /// Whatever holds one would be a command of its own to the server.
    private static func refuseLineBreaks(_ transfer: Transfer) throws(CurlFailure) {
        var words = transfer.commands + [transfer.url]
        if case .basic(let user, let password) = transfer.login {
            words += [user, password.reveal()]
        }
        let areClean = words.allSatisfy { word in
            word.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        }
        guard areClean else {
            throw CurlFailure(.badURL, "a name or a login holds a control character")
        }
    }

    func setTLS(_ tls: Transfer.TLS) {
        if isFTP {
            // With 1.3 sessions come on the data connection after the handshake, when an upload reads
            // nothing any more: bytes were lost (curl #6149), and vsftpd missed them (#4654).
            set(CURLOPT_SSLVERSION, sluice_curl_tls_1_2_only)
        }
        if let path = tls.authorities {
            set(CURLOPT_CAINFO, path)
            // None but those.
            _ = sluice_curl_text(handle, CURLOPT_CAPATH, nil)
        }
        if !tls.pins.isEmpty {
            let pins = tls.pins.sorted().map { "sha256//" + $0.dropFirst("SHA256:".count) + "=" }
            set(CURLOPT_PINNEDPUBLICKEY, pins.joined(separator: ";"))
            // Who holds the key that was pinned needs nobody's word for it.
            set(CURLOPT_SSL_VERIFYPEER, tls.authorities == nil ? 0 : 1)
            set(CURLOPT_SSL_VERIFYHOST, tls.authorities == nil ? 0 : 2)
        }
        if let path = tls.certificate { set(CURLOPT_SSLCERT, path) }
        if let path = tls.key {
            set(CURLOPT_SSLKEY, path)
            set(CURLOPT_KEYPASSWD, tls.passphrase?.reveal() ?? "")
        }
    }
}

/// libcurl waits for the end of an FTP transfer and for answers to commands without returning to the
/// loop; it asks here every second whether to go on. Then it still says QUIT, now or when the session
/// ends, and waits for the answer: now, and not for long.
private let onProgress: curl_xferinfo_callback = { data, _, _, _, _ in
    let exchange = exchange(data)
    guard let why = exchange.isUnwanted else { return 0 }
    exchange.refusal = why
    exchange.set(CURLOPT_FORBID_REUSE, 1)
    exchange.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, 1)
    return 1
}
