import Foundation
import Model
import Support
import Testing
import TransportsSupport

@testable import Transports

@Suite struct S3SecretTests {
    private let canary = "canary-5d21-secret"
    private let token = "canary-9e07-token"

    @Test func secretsShowNowhere() throws {
        let folder = try TemporaryDirectory()
        try folder.write("AKIDEXAMPLE", to: "credentials/access")
        try folder.write(canary, to: "credentials/secret")
        try folder.write(token, to: "credentials/token")
        let options = S3Options(
            Target(DestinationAddress(scheme: "s3", host: "shop", path: "/")), region: "r",
            accessKey: "access", secretKey: "secret", sessionToken: "token")
        let means = TransportMeans(
            credentials: Credentials(directory: folder.path("credentials"), systemd: nil))
        let signing = Signing(
            accessKey: "A", secretKey: Secret(canary), token: Secret(token), region: "r")
        #expect(!"\(signing)".contains("canary"))
        let transport = try options.makeTransport(means)
        var text = ""
        dump(transport, to: &text)
        #expect(!text.contains("canary"))
        // Two parts that were swapped are told without being shown.
        try folder.write("with/slash+" + canary, to: "credentials/access")
        let error = #expect(throws: DeliveryError.self) { try options.makeTransport(means) }
        #expect(error?.remedy == .fixChannel && error?.message.contains(canary) == false)
    }

    /// Documents of strangers, broken at random: nothing but nil or a tree.
    @Test func anyBytesAreNoMoreThanATree() {
        let good = Array(S3Words.fault("A", "<Region>b</Region><c d='e'><f/>&amp;</c>").utf8)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255)
            }
            _ = S3Element(Data(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))))
        }
        #expect(S3Element(Data(String(repeating: "<a>", count: 20_000).utf8)) == nil)
        #expect(S3Element(Data("\n\n \(S3Words.fault("A"))".utf8))?.text("Code") == "A")
    }
}
