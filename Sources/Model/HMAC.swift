package import Foundation

/// A keyed hash over SHA-256 (RFC 2104), for those who sign requests.
package enum HMAC {
    /// Bytes that SHA-256 takes at a time.
    private static let block = 64

    /// - Returns: 32 bytes.
    package static func sha256(_ message: some ContiguousBytes, key: [UInt8]) -> [UInt8] {
        var padded = key.count > block ? SHA256.hash(key) : key
        padded += [UInt8](repeating: 0, count: block - padded.count)
        var inner = SHA256()
        inner.update(padded.map { $0 ^ 0x36 })
        inner.update(message)
        return SHA256.hash(padded.map { $0 ^ 0x5C } + inner.finalize())
    }
}
