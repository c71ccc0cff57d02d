import Foundation
import Model
import PictureSupport
import Testing

/// `check`, `test`, `render` and `approve`: what works without a daemon.
@Suite struct OfflineCommandTests {
    private static let profile = """
        channel: shop
        title: Shop
        state: draft
        select: {kind: image, audience: public}
        slots:
          main: {view: front, rendition: hero, name: "{sku}.{ext}"}
        renditions:
          hero:
            size: 40x40..60x60
            fit: pad
            background: {color: "#FFFFFF", ring: 1%, tolerance: 0}
            upscale: never
            format: jpeg
            quality: 80..92
            color: srgb
        tests:
          - {given: {sku: A1, view: front, width: 100, height: 80}, name: A1.jpg}
        """

    private func run(
        _ folder: Folder, _ arguments: String...
    ) throws -> CommandRun { try CommandRun(arguments, in: folder) }

    @Test func checkNamesEveryMistakeWithItsPlace() throws {
        let folder = try Folder()
        let text = Self.profile.replacing("fit: pad", with: "fit: pda")
        try folder.write(Data(text.utf8), as: "shop.yaml")
        let checked = try run(folder, "check", "shop.yaml")
        #expect(checked.status == 1)
        #expect(checked.output.contains("shop.yaml:10:10: error: "), "\(checked.output)")
        #expect(checked.output.contains("did you mean 'pad'"), "\(checked.output)")
        let tested = try run(folder, "test", "shop.yaml", "--json")
        #expect(tested.status == 1)
        #expect(tested.output.contains(#""code" : "bad-value""#), "\(tested.output)")
        #expect(throws: Never.self) {
            try JSONSerialization.jsonObject(with: Data(tested.output.utf8))
        }
        try folder.write(Data(Self.profile.utf8), as: "shop.yaml")
        #expect(try run(folder, "check", ".").status == 0)
        let good = try run(folder, "check", "shop.yaml", "--json")
        #expect(good.status == 0)
        #expect(good.output.contains(#""channel" : "shop""#), "\(good.output)")
        #expect(good.output.contains(#""problems" : ["#), "\(good.output)")
        #expect(try run(folder, "check", "nowhere").status == 2)
    }

    /// It is allowed and good, and must not go unseen.
    @Test func checkNamesWhatGoesInClear() throws {
        let folder = try Folder()
        let text =
            Self.profile + """

                deliver:
                  to: ftp://feeds.example.com/in/
                  user: shop
                  password: credential:feeds
                  plain_text: true

                """
        try folder.write(Data(text.utf8), as: "shop.yaml")
        let checked = try run(folder, "check", "shop.yaml")
        #expect(checked.status == 0)
        #expect(checked.output.contains("◐ shop"), "\(checked.output)")
        #expect(
            checked.output.contains("! ./shop.yaml: 'plain_text: true': the password 'feeds'"),
            "\(checked.output)")
        let report = try run(folder, "check", "shop.yaml", "--json")
        #expect(report.output.contains("plain_text: true"), "\(report.output)")
        try folder.write(
            Data(text.replacing("  plain_text: true\n", with: "").utf8), as: "shop.yaml")
        let refused = try run(folder, "check", "shop.yaml")
        #expect(refused.status == 1)
        #expect(refused.output.contains("[clear-text]"), "\(refused.output)")
    }

    /// Whoever takes a rendition over by `like` takes its mistake over, and it is one mistake.
    @Test func aMistakeTakenOverIsCountedOnce() throws {
        let folder = try Folder()
        let text = Self.profile.replacing("fit: pad", with: "fit: pda")
            .replacing("tests:", with: "  zoom: {like: hero}\n  wide: {like: zoom}\ntests:")
        try folder.write(Data(text.utf8), as: "shop.yaml")
        let other = Self.profile.replacing("channel: shop", with: "channel: other")
            .replacing("tests:", with: "  zoom: {like: shop#hero}\ntests:")
        try folder.write(Data(other.utf8), as: "other.yaml")
        let checked = try run(folder, "check", ".")
        #expect(checked.output.components(separatedBy: "not 'pda'").count == 2, "\(checked.output)")
        #expect(checked.output.contains("1 mistake"), "\(checked.output)")
    }

    @Test func testRunsWhatAProfileCarries() throws {
        let folder = try Folder()
        try folder.write(Data(Self.profile.utf8), as: "shop.yaml")
        let passed = try run(folder, "test", "shop.yaml")
        #expect(passed.status == 0)
        #expect(passed.output == "● shop: 1 of 1 test passed\n")
        try folder.write(
            Data((Self.profile.replacing("name: A1.jpg", with: "name: A2.jpg")).utf8),
            as: "shop.yaml")
        let failed = try run(folder, "test", "shop.yaml")
        #expect(failed.status == 1)
        #expect(failed.output.contains("shop.yaml:17:"), "\(failed.output)")
    }

    @Test func renderWritesTheFileAndSaysWhatBreaksTheProfile() throws {
        let folder = try Folder()
        try folder.write(Data(Self.profile.utf8), as: "shop.yaml")
        try Drawing(100, 80, color: [255, 255, 255]).save("pngsave", to: folder["white.png"])
        let white = try run(folder, "render", "--profile", "shop.yaml", "white.png", "-o", "out")
        #expect(white.status == 0, "\(white.output)\(white.errors)")
        let made = try folder.read("out/white.hero.jpg")
        #expect(ImageFormat.recognise(made) == .jpeg)
        try Drawing(100, 100, color: [200, 200, 200]).save("pngsave", to: folder["grey.png"])
        let grey = try run(folder, "render", "--profile", "shop.yaml", "grey.png", "-o", "out")
        #expect(grey.status == 1)
        #expect(grey.output.contains("shop.yaml:11:"), "\(grey.output)")
        try folder.write(Data("not a picture".utf8), as: "text.jpg")
        #expect(try run(folder, "render", "--profile", "shop.yaml", "text.jpg").status == 2)
    }

    @Test func approveWritesTheHashOfTheseBytes() throws {
        let folder = try Folder()
        try Drawing(10, 10, color: [1, 2, 3]).save("pngsave", to: folder["a.png"])
        let refused = try run(folder, "approve", "--by", "maria", "a.png")
        #expect(refused.status == 2)
        let approved = try run(
            folder, "approve", "--by", "maria", "--sku", "A1", "--view", "front", "a.png")
        #expect(approved.status == 0, "\(approved.errors)")
        let sidecar = String(decoding: try folder.read("a.png.yaml"), as: UTF8.self)
        let bytes = try folder.read("a.png")
        #expect(sidecar.contains(ContentHash.of(bytes).rawValue))
        #expect(sidecar.contains("maria"))
    }

    @Test func approveGoesOnPastABadFile() throws {
        let folder = try Folder()
        for name in ["a.png", "c.png"] {
            try Drawing(10, 10, color: [1, 2, 3]).save("pngsave", to: folder[name])
        }
        let approved = try run(
            folder, "approve", "--by", "maria", "--sku", "A1", "--view", "front", "a.png", "b.png",
            "c.png")
        #expect(approved.status == 2)
        #expect(
            approved.output.hasSuffix("2 approved, 1 not: 'b.png'\n"), "\(approved.output)")
        #expect(approved.output.contains("✗ cannot open 'b.png'"), "\(approved.output)")
        for name in ["a.png.yaml", "c.png.yaml"] { _ = try folder.read(name) }
        let told = try run(folder, "approve", "--json", "--by", "maria", "a.png", "b.png")
        #expect(told.status == 2)
        #expect(told.output.contains("\"sidecar\" : \"a.png.yaml\""), "\(told.output)")
    }

    @Test func theDaemonsProgramDoesNotLinkLibvips() throws {
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("sluice")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/ldd")
        process.arguments = [program.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(text.contains("libcurl"))
        #expect(!text.contains("vips"))
    }
}
