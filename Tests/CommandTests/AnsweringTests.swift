import Control
import Export
import Foundation
import Host
import Intake
import Logging
import Profiles
import Testing

@testable import sluice

@Suite struct AnsweringTests {
    @Test func everyOperationOfTheTableIsCarriedOut() throws {
        let home = NSTemporaryDirectory() + "answering-\(UUID().uuidString)"
        for name in ["state", "spool", "channels"] { try Files.makeDirectory("\(home)/\(name)") }
        defer { try? FileManager.default.removeItem(atPath: home) }
        let settings = Settings(
            state: home + "/state", spool: SpoolSettings(path: home + "/spool"), scanEvery: 300,
            channels: home + "/channels", productDirectory: nil, productForms: TableForms([]),
            credentials: home,
            vocabulary: Vocabulary(views: [], zone: .gmt, productColumns: []), workers: 1,
            renderer: "/bin/false", keep: 1, reserve: 0)
        let daemon = try Daemon(
            settings: settings, version: "1", notify: ServiceNotify(environment: [:]),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(Answering.handlers(of: daemon).mistakes == [])
    }
}
