import Export
import Foundation
import Intake
import Model
import Testing

@testable import sluice

@Suite struct ConfigurationTests {
    private static let folder = Bundle.module.resourceURL!.appendingPathComponent("Configurations")

    private static func path(_ name: String) -> String {
        folder.appendingPathComponent(name).path
    }

    @Test func everyKeyIsReadAndPathsAreBelowTheFile() throws {
        let configuration = try Configuration.load(Self.path("good.yaml"))
        let below = Self.folder.path
        #expect(
            configuration
                == Configuration(
                    file: Self.path("good.yaml"),
                    spool: .init(path: below + "/incoming", settle: 2, scanEvery: 60),
                    state: "/var/lib/sluice",
                    channels: Self.folder.deletingLastPathComponent().path + "/channels",
                    products: .init(
                        path: below + "/products",
                        forms: TableForms([
                            ProductColumn("sku", .text), ProductColumn("asin", .text),
                            ProductColumn("gtin", .gtin), ProductColumn("price", .priceComma),
                        ]), drop: 0.1),
                    credentials: below + "/secrets",
                    views: [
                        .init(name: "front", aliases: ["vorne", "f"]), .init(name: "detail"),
                    ],
                    naming: "{sku}_{season}_{view}", zone: TimeZone(identifier: "Europe/Berlin")!,
                    socket: .init(
                        path: "/run/shop/s.sock", users: ["anna", "1000"],
                        groups: ["sluice-ops"]),
                    render: .init(workers: 3, executable: below + "/bin/sluice-render"),
                    store: .init(keep: 604_800, reserve: 0.1), alarm: Self.alarm))
    }

    private static var alarm: AlarmSettings {
        var alarm = AlarmSettings()
        alarm.run = folder.path + "/bin/alarm"
        alarm.post = .init(.url("https://hooks.example.com/x"), secret: "hook")
        alarm.mail = ["root", "ops@example.com"]
        (alarm.after, alarm.itemOlderThan, alarm.noSuccessFor) = (120, 43_200, 21_600)
        return alarm
    }

    @Test func threeKeysAreEnough() throws {
        let configuration = try Configuration.load(Self.path("least.yaml"))
        #expect(configuration.spool == .init(path: "/srv/spool", settle: 10, scanEvery: 300))
        #expect(configuration.socket.path == "/run/sluice/sluice.sock")
        // Whoever runs it by hand may also reload it.
        #expect(configuration.socket.users == ["root", String(getuid())])
        #expect(configuration.render.workers == nil)
        #expect(configuration.views.map(\.name).prefix(2) == ["front", "back"])
        #expect(configuration.zone == .current)
        #expect(configuration.alarm == .init() && configuration.alarm.means == [])
    }

    @Test(arguments: [
        "everything-wrong", "inside-one-another", "syntax", "socket-too-long", "alarm-in-clear",
        "alarm-without-post",
    ])
    func everyMistakeIsNamedWithItsPlace(_ name: String) throws {
        let path = Self.path("\(name).yaml")
        let expected = try String(contentsOfFile: path, encoding: .utf8)
            .split(separator: "\n").filter { $0.hasPrefix("# expected: ") }
            .map { $0.dropFirst("# expected: ".count).split(separator: " ", maxSplits: 2) }
        let failure = try #require(throws: Failure.self) { try Configuration.load(path) }
        #expect(failure.status == 78)
        let lines = failure.message.split(separator: "\n").filter { $0.contains(": error: ") }
        #expect(lines.count == expected.count, "\(failure.message)")
        for (line, parts) in zip(lines, expected) {
            #expect(line.hasPrefix("\(path):\(parts[0]): error: "), "\(line)")
            #expect(line.hasSuffix("[\(parts[1])]"), "\(line)")
            if parts.count > 2 { #expect(line.contains(parts[2]), "\(line)") }
        }
    }

    @Test func aClientNeedsOnlyTheSocket() throws {
        #expect(
            try Configuration.forClients(Self.path("everything-wrong.yaml")).socket
                == "/run/sluice/sluice.sock")
        #expect(
            try Configuration.forClients(Self.path("good.yaml")).socket
                == "/run/shop/s.sock")
    }

    /// What the package installs says what the code does by itself, where both speak.
    @Test func theSampleIsReadAsItLies() throws {
        let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("deploy/sluice.yaml")
        let configuration = try Configuration.load(sample.path)
        #expect(configuration.spool == .init(path: "/var/spool/sluice/incoming"))
        #expect(configuration.store == .init())
        #expect(configuration.socket.path == Configuration.Socket().path)
        #expect(configuration.socket.users.contains("sluice"))
        #expect(configuration.views.map(\.name) == Configuration.usualViews.map(\.name))
    }

    @Test func aFileThatIsNotThereIsSaidSo() throws {
        let failure = try #require(throws: Failure.self) { try Configuration.load("/no/such.yaml") }
        #expect(failure.status == 78)
        #expect(failure.message == "no configuration '/no/such.yaml': there is no such file")
    }
}
