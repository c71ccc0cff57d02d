import Foundation

/// Whether an address that a name resolved to may be dialled: checked at connect time on what is
/// really dialled, so that no DNS answer can slip past.
enum PeerAddress {
    /// True for addresses that are not the public Internet's: this machine, its networks, multicast
    /// and what IANA reserves (RFC 6890 and its registry).
    static func isPrivate(_ address: UnsafePointer<sockaddr>) -> Bool {
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            let bytes = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
            return withUnsafeBytes(of: bytes) { isPrivate(v4: Array($0)) }
        case AF_INET6:
            let bytes = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return withUnsafeBytes(of: bytes) { isPrivate(v6: Array($0)) }
        default:
            return true
        }
    }

    static func isPrivate(v4 bytes: [UInt8]) -> Bool {
        switch (bytes[0], bytes[1], bytes[2]) {
        case (0, _, _), (10, _, _), (127, _, _), (169, 254, _), (192, 168, _): true
        case (100, 64...127, _), (172, 16...31, _), (198, 18...19, _): true
        case (192, 0, 0), (192, 0, 2), (198, 51, 100), (203, 0, 113): true
        default: bytes[0] >= 224
        }
    }

    static func isPrivate(v6 bytes: [UInt8]) -> Bool {
        let head = bytes[..<12]
        // An IPv4 address in IPv6 clothes: mapped, compatible (`::1` too), NAT64, 6to4.
        if head.allSatisfy({ $0 == 0 }) || head == mapped || head == nat64 {
            return isPrivate(v4: Array(bytes[12...]))
        }
        if bytes[0] == 0x20 && bytes[1] == 0x02 { return isPrivate(v4: Array(bytes[2..<6])) }
        // Public unicast is 2000::/3; 2001:db8::/32 is for documentation.
        return bytes[0] & 0xE0 != 0x20 || bytes[..<4] == [0x20, 0x01, 0x0D, 0xB8]
    }

    private static let mapped: ArraySlice<UInt8> = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
    private static let nat64: ArraySlice<UInt8> = [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]
}
