// HTTP, SFTP and FTP through libcurl, for those who have nothing to do with C: a `Transfer` goes in,
// a `Response` or a `CurlFailure` comes out. Promises that no byte goes to an unpinned SSH host, an FTP
// server that does not encrypt where nobody allowed that, a redirect's target, a private address that
// was not allowed, or through a proxy. What a status means, when to try again and what to do about it
// is left to the callers.

private import CCurl
private import Foundation

/// The process-wide part of libcurl.
enum LibCurl {
    static func start() { _ = started }

    private static let started: Bool = {
        // A peer that hangs up is an error of one transfer; NOSIGNAL leaves SIGPIPE to us.
        signal(SIGPIPE, SIG_IGN)
        return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
    }()
}
