private import CCurl
private import Foundation

/// The thread's side of a session. Handles are made, driven and freed in here and nowhere else.
struct Loop {
    private let inbox: Inbox
    private let multi: UnsafeMutableRawPointer?
    /// A TLS session belongs to the handle that made it, and the next transfer on the same
    /// connection has another: an FTP server that wants it again for the data would see a stranger.
    private let tlsSessions: UnsafeMutableRawPointer?
    private var running: [UInt64: Exchange] = [:]

    /// To be called on the thread that will run it.
    init(_ inbox: Inbox) {
        self.inbox = inbox
        multi = curl_multi_init()
        tlsSessions = curl_share_init()
        _ = tlsSessions.map(sluice_curl_share_tls)
        guard let multi else { return }
        // Over HTTP/2 as well: a connection serves one transfer at a time, so that a cut takes one file
        // with it.
        _ = sluice_curl_multi_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
        _ = sluice_curl_multi_long(multi, CURLMOPT_MAXCONNECTS, 32)
        inbox.opened(Int(bitPattern: multi))
    }

    mutating func run() {
        while let multi, work(multi) {
            // Returns at a letter or at a transfer's own timer, whichever is first.
            curl_multi_poll(multi, nil, 0, pause, nil)
        }
        end()
    }

    /// Milliseconds. While FTP's data connection waits for its TLS handshake, libcurl 7.88 looks at
    /// that one only; the server waits for the next command, whose turn an answer on the control
    /// connection would be, and nobody reads it: that took ten seconds a file.
    private var pause: Int32 {
        let usual: Int32 = running.values.contains(where: \.isFTP) ? 10 : 10_000
        let waits = running.values.lazy.filter(\.waitsForBandwidth)
            .compactMap { $0.job.transfer.bandwidth?.wait() }
        return waits.min().map { min(usual, Int32(clamping: Int($0 / .milliseconds(1)) + 5)) }
            ?? usual
    }

    /// One round; false when the session is to end.
    private mutating func work(_ multi: UnsafeMutableRawPointer) -> Bool {
        let letters = inbox.take()
        for job in letters.jobs { start(job, multi) }
        for id in letters.cancelled { drop(id, .cancelled) }
        for question in letters.questions { question() }
        if letters.closing { return false }
        for exchange in running.values where exchange.waitsForBandwidth { exchange.goOn() }
        var count: Int32 = 0
        curl_multi_perform(multi, &count)
        collect(multi)
        return true
    }

    private mutating func start(_ job: Job, _ multi: UnsafeMutableRawPointer) {
        do throws(CurlFailure) {
            let exchange = try Exchange(job, inbox, tlsSessions: tlsSessions)
            guard curl_multi_add_handle(multi, exchange.handle) == CURLM_OK else {
                throw CurlFailure(.couldNotConnect, "cannot start a transfer: out of memory")
            }
            running[job.id] = exchange
        } catch {
            job.finish(.failure(error))
        }
    }

    private mutating func collect(_ multi: UnsafeMutableRawPointer) {
        var left: Int32 = 0
        var finished: [(Exchange, CURLcode)] = []
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE,
                let exchange = running.values.first(where: {
                    $0.handle == message.pointee.easy_handle
                })
            else { continue }
            finished.append((exchange, sluice_curl_result(message)))
        }
        for (exchange, code) in finished {
            let result = exchange.result(code)
            curl_multi_remove_handle(multi, exchange.handle)
            running[exchange.job.id] = nil
            exchange.job.finish(result)
        }
    }

    private mutating func drop(_ id: UInt64, _ failure: CurlFailure) {
        guard let exchange = running.removeValue(forKey: id) else { return }
        var failure = failure
        failure.sent = exchange.reader?.sent ?? 0
        // Before libcurl takes leave of an SSH server, which may take as long as the transfer may.
        exchange.job.finish(.failure(failure))
        curl_multi_remove_handle(multi, exchange.handle)
    }

    private mutating func end() {
        let letters = inbox.end()
        for id in running.keys { drop(id, .closed) }
        for job in letters.jobs { job.finish(.failure(.closed)) }
        for question in letters.questions { question() }
        curl_multi_cleanup(multi)
        if let tlsSessions { curl_share_cleanup(tlsSessions) }
        inbox.tellWaiters()
    }
}
