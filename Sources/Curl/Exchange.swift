import CCurl
private import Foundation
private import Model

/// One running transfer: owns its libcurl handle and whatever the handle points to. Lives on the
/// session's thread; the callbacks below are called there, from inside `curl_multi_perform`.
final class Exchange {
    let job: Job
    let handle: UnsafeMutableRawPointer
    let reader: BodyReader?
    var receiver: Receiver
    /// Why a callback of ours ended the transfer; libcurl's own code would only say that one did.
    var refusal: CurlFailure?
    /// libcurl asks for no more of the body until it is told to go on.
    var waitsForBandwidth = false
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private let errorText: UnsafeMutablePointer<CChar>
    private let inbox: Inbox

    /// - Parameter tlsSessions: a libcurl share of this thread's, which outlives the exchange.
    init(
        _ job: Job, _ inbox: Inbox, tlsSessions: UnsafeMutableRawPointer?
    ) throws(CurlFailure) {
        let reader = try BodyReader(job.transfer.body)
        guard let handle = curl_easy_init() else {
            throw CurlFailure(.couldNotConnect, "cannot start a transfer: out of memory")
        }
        self.job = job
        self.handle = handle
        self.reader = reader
        self.inbox = inbox
        receiver = Receiver(job.transfer.sink)
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try configure(errorText, tlsSessions)
    }

    deinit {
        job.transfer.bandwidth?.leave(ObjectIdentifier(self))
        curl_easy_cleanup(handle)
        for list in lists { curl_slist_free_all(list) }
        errorText.deallocate()
    }

    /// Hands a list of texts to libcurl and keeps it alive.
    func set(_ option: CURLoption, _ texts: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for text in texts { list = curl_slist_append(list, text) }
        guard let list else { return }
        lists.append(list)
        _ = sluice_curl_pointer(handle, option, list)
    }

    func goOn() {
        waitsForBandwidth = false
        _ = curl_easy_pause(handle, CURLPAUSE_CONT)
    }

    /// Somebody waits no longer for the end of it.
    var isUnwanted: CurlFailure? { inbox.isUnwanted(job.id) }

    func result(_ code: CURLcode) -> Result<Response, CurlFailure> {
        if code == CURLE_OK { return .success(response()) }
        guard var ours = refusal ?? reader?.failure else { return .failure(failure(code)) }
        ours.phase = phase
        ours.httpStatus = isHTTP ? long(CURLINFO_RESPONSE_CODE) : 0
        ours.headers = receiver.headers
        ours.body = receiver.body
        ours.reply = replies.last
        ours.sent = reader?.sent ?? 0
        return .failure(ours)
    }

    private func failure(_ code: CURLcode) -> CurlFailure {
        let own = String(cString: errorText)
        var failure = CurlFailure(
            CurlFailure.Code(code), own.isEmpty ? String(cString: curl_easy_strerror(code)) : own,
            osErrno: Int32(clamping: long(CURLINFO_OS_ERRNO)), phase: phase,
            httpStatus: isHTTP ? long(CURLINFO_RESPONSE_CODE) : 0)
        failure.headers = receiver.headers
        failure.body = receiver.body
        failure.reply = replies.last
        failure.sent = reader?.sent ?? 0
        return failure
    }

    private var replies: [Reply] {
        guard case .basic(_, let password) = job.transfer.login else { return receiver.replies }
        return receiver.replies.map { $0.hiding(password) }
    }

    private var isHTTP: Bool { job.transfer.url.hasPrefix("http") }
    var isFTP: Bool { job.transfer.url.hasPrefix("ftp") }

    private func response() -> Response {
        let length = offset(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)
        return Response(
            status: isHTTP ? long(CURLINFO_RESPONSE_CODE) : 0, headers: receiver.headers,
            body: receiver.body, sha256: receiver.digest(),
            downloaded: offset(CURLINFO_SIZE_DOWNLOAD_T),
            uploaded: offset(CURLINFO_SIZE_UPLOAD_T), contentLength: length < 0 ? nil : length,
            effectiveMethod: isHTTP ? text(CURLINFO_EFFECTIVE_METHOD) ?? "" : "",
            primaryIP: text(CURLINFO_PRIMARY_IP) ?? "", location: text(CURLINFO_REDIRECT_URL),
            replies: replies)
    }

    private var phase: CurlFailure.Phase {
        // Of a listing by SFTP libcurl does not say that it has begun.
        if offset(CURLINFO_PRETRANSFER_TIME_T) > 0 || receiver.hasBegun { return .transfer }
        return offset(CURLINFO_CONNECT_TIME_T) > 0 ? .login : .connect
    }

    private func long(_ what: CURLINFO) -> Int {
        var value = 0
        _ = sluice_curl_get_long(handle, what, &value)
        return value
    }

    private func offset(_ what: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        _ = sluice_curl_get_offset(handle, what, &value)
        return Int64(value)
    }

    private func text(_ what: CURLINFO) -> String? {
        var value: UnsafePointer<CChar>?
        _ = sluice_curl_get_text(handle, what, &value)
        return value.map { String(cString: $0) }
    }
}
