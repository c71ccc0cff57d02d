private import CCrypto
package import Foundation

/// SHA-256 in pieces. A value: a copy goes on by itself.
package struct SHA256 {
    private var state = SHA256_CTX()

    package init() { SHA256_Init(&state) }

    package static func hash(_ bytes: some ContiguousBytes) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finalize()
    }

    package mutating func update(_ bytes: some ContiguousBytes) {
        bytes.withUnsafeBytes { _ = SHA256_Update(&state, $0.baseAddress, $0.count) }
    }

    /// The 32 bytes. What was hashed so far stays, so more may follow.
    package func finalize() -> [UInt8] {
        var copy = state
        return [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { buffer, count in
            SHA256_Final(buffer.baseAddress, &copy)
            count = buffer.count
        }
    }
}
