import Foundation
import Testing

@testable import Curl

@Suite struct PeerAddressTests {
    @Test(arguments: [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::10.0.0.1", "fe80::1", "fc00::1", "fd12::1",
        "ff02::1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
    ])
    func ofThisMachineOrItsNetwork(text: String) throws {
        #expect(try isPrivate(text))
    }

    @Test(arguments: [
        "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.0.1", "100.128.0.1", "192.167.0.1",
        "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:1.1.1.1", "64:ff9b::101:101",
    ])
    func ofTheInternet(text: String) throws {
        #expect(try !isPrivate(text))
    }

    private func isPrivate(_ text: String) throws -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16)
        if text.contains(":") {
            try #require(inet_pton(AF_INET6, text, &bytes) == 1)
            return PeerAddress.isPrivate(v6: bytes)
        }
        try #require(inet_pton(AF_INET, text, &bytes) == 1)
        return PeerAddress.isPrivate(v4: Array(bytes[..<4]))
    }
}
