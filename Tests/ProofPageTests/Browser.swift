import Foundation
import PictureSupport

/// Headless Chromium: the page as people see it.
struct Browser {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    static let path = "/usr/bin/chromium"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// Where screenshots are kept for people to look at.
    static let artefacts: URL = {
        let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let build = products.pathComponents.firstIndex { $0.hasPrefix(".build") }
        let root =
            build.map { products.pathComponents[...$0].joined(separator: "/") } ?? "/tmp"
        return URL(fileURLWithPath: String(root.dropFirst(root.hasPrefix("//") ? 1 : 0)))
            .appending(path: "artefacts")
    }()

    let home: Folder

    /// A PNG of the page's upper part, kept below `artefacts`.
    func screenshot(
        of page: String, as name: String, width: Int, height: Int, dark: Bool = false
    ) throws -> Drawing {
        try FileManager.default.createDirectory(
            at: Self.artefacts, withIntermediateDirectories: true)
        let target = Self.artefacts.appending(path: name + ".png").path(percentEncoded: false)
        try? FileManager.default.removeItem(atPath: target)
        var arguments = ["--screenshot=\(target)", "--window-size=\(width),\(height)"]
        if dark { arguments.append("--blink-settings=preferredColorScheme=0") }
        _ = try run(arguments, on: page)
        guard FileManager.default.fileExists(atPath: target) else {
            throw Failure(description: "chromium made no screenshot of \(page)")
        }
        print("screenshot: \(target)")
        return try Drawing.load("pngload", from: target)
    }

    /// The document after it was parsed, as HTML.
    func dump(_ page: String) throws -> String { try run(["--dump-dom"], on: page) }

    private func run(_ arguments: [String], on page: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
        process.arguments =
            [
                "--kill-after=5", "60", Self.path, "--headless", "--no-sandbox", "--disable-gpu",
                "--hide-scrollbars", "--force-device-scale-factor=1", "--virtual-time-budget=2000",
                "--user-data-dir=\(home["profile"])", "--force-color-profile=srgb",
            ] + arguments + ["file://\(page)"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": home.path]
        try process.run()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                description: "chromium ended with \(process.terminationStatus) (124: out of time)")
        }
        return String(decoding: printed, as: UTF8.self)
    }
}
