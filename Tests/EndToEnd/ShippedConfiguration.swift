import Foundation
import PictureSupport
import Testing

/// What `deploy/install` lays out, as it is: every shipped profile works with the shipped
/// configuration, as a draft and once somebody has set it live.
@Suite struct ShippedConfiguration {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    private static var profiles: [String] {
        get throws {
            let folder = root.appending(path: "channels").path
            return try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { $0.hasSuffix(".yaml") }.sorted()
        }
    }

    /// A folder with the shipped sluice.yaml, its paths below the folder, and all shipped profiles.
    private func shipped(state: String) throws -> Folder {
        let folder = try Folder()
        let configuration = try Self.text("deploy/sluice.yaml")
            .replacing("/var/", with: "\(folder.path)/").replacing("/run/", with: "\(folder.path)/")
        try folder.write(Data(configuration.utf8), as: "sluice.yaml")
        try FileManager.default.createDirectory(
            atPath: folder["channels"], withIntermediateDirectories: true)
        for name in try Self.profiles {
            let text = try Self.text("channels/\(name)")
                .replacing("state: draft", with: "state: \(state)")
            try folder.write(Data(text.utf8), as: "channels/\(name)")
        }
        return folder
    }

    @Test(arguments: ["draft", "live"])
    func everyShippedProfileWorksWithIt(state: String) throws {
        let folder = try shipped(state: state)
        for command in ["check", "test"] {
            let run = try CommandRun([command, "--config", "sluice.yaml"], in: folder)
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            #expect(!run.output.contains("warning"), "\(run.output)")
        }
    }

    /// Without a market every licence for one is refused; without limits a slip takes all down.
    @Test func everyShippedProfileHasAMarketLimitsAndTests() throws {
        for name in try Self.profiles {
            let lines = try Self.text("channels/\(name)").split(separator: "\n")
            for key in ["market:", "limits:", "tests:"] {
                #expect(lines.contains { $0.hasPrefix(key) }, "\(name) has no '\(key)'")
            }
        }
    }

    /// The manual's, the message's and the installer's words for a secret's file.
    @Test func everyTextSaysTheSameModeForSecrets() throws {
        for path in [
            "deploy/README.md", "Sources/Transports/Credentials.swift", "deploy/install",
        ] {
            let text = try Self.text(path)
            #expect(!text.contains("chmod 600") && !text.contains("chmod 0600"), "\(path)")
        }
        #expect(try Self.text("deploy/README.md").contains("install -m 0640 -g sluice"))
    }

    @Test func completionsAndSamplesAreInstalled() throws {
        let folder = try Folder()
        let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let process = Process()
        process.executableURL = Self.root.appending(path: "deploy/install")
        process.arguments = ["--bin", products.path, "--root", folder.path]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        for (path, word) in [
            ("usr/share/bash-completion/completions/sluice", "withdraw"),
            ("usr/share/zsh/vendor-completions/_sluice", "#compdef sluice"),
            ("usr/share/fish/vendor_completions.d/sluice.fish", "withdraw"),
            ("usr/share/doc/sluice/sample/photo.jpg.yaml", "approval:"),
            ("usr/share/doc/sluice/sample/manifest.yaml", "files:"),
            ("usr/share/doc/sluice/sample/products.csv", "sku,title"),
            ("usr/share/doc/sluice/README.md", "When something is stuck"),
            ("usr/share/sluice/channels/README.md", "The profile language"),
        ] {
            let text = try String(contentsOfFile: folder[path], encoding: .utf8)
            #expect(text.contains(word), "\(path)")
        }
    }
}
