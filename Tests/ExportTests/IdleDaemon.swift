import Foundation
import Host
import Intake
import Logging

@testable import Export

extension Daemon {
    /// One none of whose parts run, with the channel `shop`: what it answers is asked of a real ledger.
    static func withNoPart(_ body: (Daemon) async throws -> Void) async throws {
        let home = NSTemporaryDirectory() + "status-\(UUID().uuidString)"
        for name in ["state", "spool", "channels"] { try Files.makeDirectory("\(home)/\(name)") }
        defer { try? FileManager.default.removeItem(atPath: home) }
        let profile = Shop.text.replacing("/srv/shop/", with: home + "/folder/")
        try Data(profile.utf8).write(to: URL(fileURLWithPath: home + "/channels/shop.yaml"))
        let settings = Settings(
            state: home + "/state", spool: SpoolSettings(path: home + "/spool"), scanEvery: 300,
            channels: home + "/channels", productDirectory: nil, productForms: TableForms([]),
            credentials: home, vocabulary: Shop.vocabulary, workers: 1, renderer: "/bin/false",
            keep: 1, reserve: 0)
        let daemon = try Daemon(
            settings: settings, version: "1", notify: ServiceNotify(environment: [:]),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await daemon.prepare()
        try await body(daemon)
    }
}
