import Foundation
import Model
import Support
import Testing
import Transports

/// One place, however its address is spelled.
@Suite struct SamePlaceTests {
    private func place(_ scheme: String, _ host: String, _ port: Int?, _ path: String) -> String {
        DestinationAddress(scheme: scheme, host: host, port: port, path: path).place
    }

    @Test func aUsualPortIsNone() {
        #expect(place("https", "Shop.example.COM", 443, "/i/") == "https://shop.example.com/i/")
        #expect(place("http", "a", 443, "/I/") == "http://a:443/I/")
        #expect(place("sftp", "a", 22, "/i/") == place("sftp", "A", nil, "/i/"))
    }

    @Test func aLinkIsWhatItPointsTo() throws {
        let home = try TemporaryDirectory()
        let real = try home.makeDirectory("real")
        symlink(real, home.path("link"))
        let resolved = place("file", "", nil, real + "/new/in/")
        #expect(place("file", "", nil, home.path("link") + "/new/in/") == resolved)
        #expect(resolved.hasSuffix("/real/new/in/"))
        #expect(place("file", "", nil, "/") == "file:///")
    }
}
