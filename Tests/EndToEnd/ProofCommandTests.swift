import Foundation
import Model
import PictureSupport
import Testing

/// `sluice proof`: from files and profiles to a page, by the real workers.
@Suite struct ProofCommandTests {
    private static let profile = """
        channel: shop
        title: Shop & sons
        state: draft
        select: {kind: image, audience: public}
        slots:
          main: {view: front, rendition: hero, name: "{sku}.{ext}"}
          more: {view: [back, detail], take: all, rendition: zoom, name: "{sku}-{position}.{ext}"}
        renditions:
          hero:
            size: 40x40..60x60
            fit: pad
            background: {color: "#FFFFFF", ring: 1%, tolerance: 0}
            upscale: never
            format: jpeg
            quality: 80..92
            color: srgb
          zoom: {like: hero, background: {ring: any}}
        rules:
          - {id: floor, of: rendition, min_side: 50, source: "the shop's own page", seen: 2026-11-21}
        """

    private struct Summary: Decodable {
        struct Rendition: Decodable {
            var master: String
            var channel: String
            var rendition: String
            var passes: Bool
            var refusal: String?
        }

        var sheet: String
        var renditions: [Rendition]
        var notes: [String]
    }

    private let folder: Folder

    init() throws {
        folder = try Folder()
        for name in ["channels", "spool", "state"] {
            try FileManager.default.createDirectory(
                atPath: folder[name], withIntermediateDirectories: true)
        }
        try folder.write(Data(Self.profile.utf8), as: "channels/shop.yaml")
        let configuration = """
            spool: {path: spool, settle: 0s}
            state: state
            channels: channels
            naming: "{sku}_{view}"
            zone: UTC

            """
        try folder.write(Data(configuration.utf8), as: "sluice.yaml")
    }

    private func draw(_ name: String, _ color: [UInt8] = [20, 90, 160]) throws {
        try Drawing(100, 100) { x, y in
            (20..<80).contains(x) && (30..<70).contains(y) ? color : [255, 255, 255]
        }.save("pngsave", to: folder["spool/\(name)"])
    }

    private func proof(_ arguments: String...) throws -> CommandRun {
        try CommandRun(["proof", "--config", "sluice.yaml"] + arguments, in: folder)
    }

    private func summary(_ run: CommandRun) throws -> Summary {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Summary.self, from: Data(run.output.utf8))
    }

    @Test func aSkuIsEveryPictureOfItFrontFirst() throws {
        for name in ["A1_back.png", "A1_front.png", "A1_detail-2.png", "B2_front.png"] {
            try draw(name)
        }
        let run = try proof("A1", "--json")
        let told = try summary(run)
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(told.sheet == "A1.proof.html")
        #expect(
            told.renditions.map(\.master) == ["A1_front.png", "A1_back.png", "A1_detail-2.png"])
        #expect(told.renditions.map(\.rendition) == ["hero", "zoom", "zoom"])
        let page = String(decoding: try folder.read("A1.proof.html"), as: UTF8.self)
        for words in [
            "A1 front", "<code>A1.jpg</code>", "<code>A1-1.jpg</code>", "<code>A1-2.jpg</code>",
            "Shop &amp; sons", "not approved yet", "data:image/jpeg;base64,",
        ] { #expect(page.contains(words), "\(words)") }
        #expect(!page.contains("B2_front"))
    }

    @Test func anOlderVersionIsLeftOutAndNamed() throws {
        for (name, seq) in [
            ("A1_front.png", 2), ("A1_front_old.png", 1), ("A1_front_new.png", nil),
        ] {
            try draw(name)
            let approval = seq.map { "approval: {by: m, at: 2026-11-03, seq: \($0)}\n" } ?? ""
            try folder.write(
                Data("sku: A1\nview: front\naudience: public\n\(approval)".utf8),
                as: "spool/\(name).yaml")
        }
        let told = try summary(try proof("A1", "--json"))
        #expect(told.renditions.map(\.master) == ["A1_front.png", "A1_front_new.png"])
        #expect(
            told.notes.contains {
                $0.hasPrefix("'A1_front_old.png' is left out: 'A1_front.png' is a newer version")
            }, "\(told.notes)")
    }

    @Test func aFileThatBreaksItsProfileSaysWhereAndEndsWithOne() throws {
        try Drawing(100, 100, color: [200, 200, 200]).save("pngsave", to: folder["grey.png"])
        let run = try proof("grey.png", "-o", "page.html", "--json")
        #expect(run.status == 1, "\(run.errors)")
        let told = try summary(run)
        #expect(told.renditions.map(\.rendition) == ["hero", "zoom"])
        #expect(told.renditions.map(\.passes) == [false, true])
        // Nothing says what it shows, which is no obstacle.
        #expect(told.notes.contains { $0.contains("grey.png") })
        let page = String(decoding: try folder.read("page.html"), as: UTF8.self)
        #expect(page.contains("shop.yaml:12"))
        #expect(page.contains("#C8C8C8"))
    }

    @Test func anOlderProfileIsHeldAgainstTheNew() throws {
        try draw("A1_front.png")
        let older = Self.profile.replacing("size: 40x40..60x60", with: "size: 50x50..50x50")
            .replacing("quality: 80..92", with: "quality: 70..71")
        try folder.write(Data(older.utf8), as: "old.yaml")
        let run = try proof("spool/A1_front.png", "--against", "old.yaml", "-o", "page.html")
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let page = String(decoding: try folder.read("page.html"), as: UTF8.self)
        for words in [
            "<th scope=\"row\">size</th><td>50x50</td><td>40x40..60x60</td>",
            "<th scope=\"row\">quality</th><td>70..71</td><td>80..92</td>",
            "<th scope=\"row\">made size</th><td>50x50</td><td>60x60</td>", "old.yaml",
        ] { #expect(page.contains(words), "\(words)") }
    }

    @Test func whatCannotBeShownSaysWhy() throws {
        try draw("A1_front.png")
        let unknown = try proof("A2")
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("did you mean 'A1'?"), "\(unknown.errors)")
        try Drawing(30, 30, color: [255, 255, 255]).save("pngsave", to: folder["small.png"])
        let small = try proof("small.png", "-o", "small.html")
        #expect(small.status == 1)
        let page = String(decoding: try folder.read("small.html"), as: UTF8.self)
        #expect(page.contains("no file") && page.contains("larger original"))
        try folder.write(Data("no picture".utf8), as: "text.jpg")
        let text = try proof("text.jpg", "-o", "text.html")
        #expect(text.status == 1, "\(text.errors)")
        #expect(try proof("A1", "--channel", "shup").status == 2)
        #expect(try proof("spool").status == 2)
    }
}
