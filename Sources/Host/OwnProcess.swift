private import CHost
private import Glibc

/// What others see of the process we are.
package enum OwnProcess {
    /// From now on no other process of this account, unless it is root's, may trace this one or read its
    /// memory and environment: a worker or a script of the account must not come by secrets and ledger
    /// that way. Nor is a core ever written.
    package static func hide() throws(HostError) {
        let result = sluice_undumpable()
        guard result >= 0 else { throw HostError("hide", "this process", -result) }
    }

    /// Ends it at once. Without exit handlers: those of libraries (OpenSSL's throws away what it holds)
    /// run beside threads that still take leave of a server.
    /// - Parameter isFlushing: false where somebody may hold one of C's files for ever.
    package static func leave(_ status: Int32, isFlushing: Bool = true) -> Never {
        if isFlushing { fflush(nil) }
        _exit(status)
    }

    /// The machine's name as it gives it itself; no name server is asked.
    package static var hostName: String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return "this machine" }
        return String(
            decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
