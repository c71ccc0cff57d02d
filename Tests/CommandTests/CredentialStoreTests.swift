import Foundation
import Testing

@testable import sluice

@Suite struct CredentialStoreTests {
    /// One name in two places: nobody could say which counts.
    @Test func whatSystemdHandsOverIsNotStoredBesides() throws {
        let home = NSTemporaryDirectory() + "credentials-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: home) }
        for name in ["own", "unit"] {
            try FileManager.default.createDirectory(
                atPath: "\(home)/\(name)", withIntermediateDirectories: true)
        }
        try Data("x".utf8).write(to: URL(filePath: "\(home)/unit/hook"))
        let store = CredentialStore("\(home)/own", systemd: ["\(home)/unit"])
        let failure = try #require(throws: Failure.self) {
            try store.refuseWhatSystemdHolds("hook")
        }
        #expect(failure.message.contains("systemd hands over a credential 'hook'"))
        try store.refuseWhatSystemdHolds("other")
        let absent = CredentialStore("\(home)/nowhere", systemd: [])
        let missing = try #require(throws: Failure.self) { try absent.write(Data(), as: "x") }
        #expect(missing.next?.contains("install -d") == true)
    }
}
