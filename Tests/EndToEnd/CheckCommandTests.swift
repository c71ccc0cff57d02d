import Foundation
import Model
import PictureSupport
import Testing
import Wire

/// `sluice check FILE`: the real program, from a picture to every channel's verdict.
@Suite struct CheckCommandTests {
    private static func profile(_ channel: String, smallest: Int) -> String {
        """
        channel: \(channel)
        title: Shop \(channel)
        state: draft
        select: {kind: image, audience: public}
        slots:
          main: {view: front, rendition: hero, name: "{sku}.{ext}"}
          more: {view: back, rendition: zoom, name: "{sku}-back.{ext}"}
        renditions:
          hero:
            size: \(smallest)x\(smallest)..100x100
            fit: pad
            background: {color: "#FFFFFF", ring: 1%}
            format: jpeg
          zoom: {like: hero, fit: cover}
        """
    }

    private static let xmp = """
        <x:xmpmeta xmlns:x="adobe:ns:meta/">
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
         xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"
         photoshop:Credit="Studio Nord" plus:LicenseEndDate="2020-03-31"/>
        </rdf:RDF></x:xmpmeta>
        """

    private struct Document: Decodable {
        struct Channel: Decodable {
            struct Rendition: Decodable {
                var rendition: String
                var passes: Bool
                var checks: [Check]
                var gates: [Gate]
            }

            var channel: String
            var verdict: String
            var gates: [Gate]
            var renditions: [Rendition]
        }

        var assets: [String]
        var channels: [Channel]
        var notes: [String]
    }

    private let folder: Folder

    init() throws {
        folder = try Folder()
        for name in ["channels", "spool", "state", "empty"] {
            try FileManager.default.createDirectory(
                atPath: folder[name], withIntermediateDirectories: true)
        }
        for (channel, smallest) in [("large", 90), ("small", 40)] {
            let text = Self.profile(channel, smallest: smallest)
            try folder.write(Data(text.utf8), as: "channels/\(channel).yaml")
        }
        let configuration = """
            spool: {path: spool, settle: 0s}
            state: state
            channels: channels
            zone: UTC

            """
        try folder.write(Data(configuration.utf8), as: "sluice.yaml")
        try Drawing(60, 60) { x, y in
            (10..<50).contains(x) && (15..<45).contains(y) ? [20, 90, 160] : [255, 255, 255]
        }.save("pngsave", to: folder["mug.png"])
    }

    private func run(_ arguments: String...) throws -> CommandRun {
        try CommandRun(arguments, in: folder)
    }

    private func document(_ run: CommandRun) throws -> Document {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Document.self, from: Data(run.output.utf8))
    }

    @Test func withoutProfilesItIsTheMeasurement() throws {
        let told = try run("check", "mug.png")
        #expect(told.status == 0, "\(told.errors)")
        for words in [
            "60x60 pixels", "pure #FFFFFF", "40x30 pixels at (10, 15)", "66.7 %", "touches none",
            "nothing restricts its use", "no channel was asked", "'/etc/sluice/sluice.yaml'",
        ] { #expect(told.output.contains(words), "\(words) in \(told.output)") }
        let document = try document(run("check", "mug.png", "--json"))
        #expect(document.channels.isEmpty && document.notes.count == 2)
    }

    @Test func everyChannelIsAskedAndWhatFailsIsExplained() throws {
        let told = try run("check", "mug.png", "--config", "sluice.yaml")
        #expect(told.status == 1, "\(told.errors)")
        for words in [
            "✗ large  draft  Shop large", "● small  draft  Shop small", "● hero  jpeg 60x60",
            "deliver a larger original", "large.yaml:10:11", "1 of 2 channels would hold it: large",
        ] { #expect(told.output.contains(words), "\(words) in \(told.output)") }
        #expect(!told.output.contains("wanted: jpeg"))
        let document = try document(run("check", "mug.png", "--config", "sluice.yaml", "--json"))
        #expect(document.channels.map(\.verdict) == ["hold", "pass"])
        #expect(document.channels[1].renditions.map(\.rendition) == ["hero", "zoom"])
        #expect(document.channels[1].renditions[0].checks.contains { $0.rule == "background.ring" })
    }

    @Test func oneChannelShowsEveryDemand() throws {
        let told = try run("check", "mug.png", "--channel", "small", "--config", "sluice.yaml")
        #expect(told.status == 0, "\(told.output)\(told.errors)")
        #expect(told.output.contains("wanted: jpeg"), "\(told.output)")
        #expect(told.output.contains("small would take it"))
        #expect(!told.output.contains("Shop large"))
    }

    @Test func whatItShowsDecidesWhatIsMadeOfIt() throws {
        try folder.write(Data("sku: MUG-1\nview: back\n".utf8), as: "mug.png.yaml")
        let shown = try run("check", "mug.png", "--config", "sluice.yaml", "--json")
        let told = try document(shown)
        #expect(told.assets == ["MUG-1 back"])
        #expect(told.channels[1].renditions.map(\.rendition) == ["zoom"])
        try folder.write(Data("sku: MUG-1\nview: detail\n".utf8), as: "mug.png.yaml")
        let unasked = try run("check", "mug.png", "--config", "sluice.yaml")
        #expect(unasked.status == 0 && unasked.output.contains("no channel asks for this picture"))
    }

    @Test func whatIntakeWouldRefuseIsHeld() throws {
        try folder.write(Data("sku: MUG-1\nveiw: front\n".utf8), as: "mug.png.yaml")
        let told = try run("check", "mug.png", "--channel", "small", "--config", "sluice.yaml")
        #expect(told.status == 1)
        for words in ["not taken in:", "mug.png.yaml:2:1: error:", "mend the file beside"] {
            #expect(told.output.contains(words), "\(words) in \(told.output)")
        }
    }

    /// One piece of code finds it for all four.
    @Test func theXMPBesideItCounts() throws {
        try folder.write(Data(Self.xmp.utf8), as: "mug.xmp")
        let ended = "rights ended with 2020-03-31"
        let small = ["--channel", "small", "--config", "sluice.yaml"]
        let checked = try run("check", "mug.png", "--config", "sluice.yaml")
        #expect(checked.status == 1)
        #expect(checked.output.contains("Studio Nord (in 'mug.xmp')"), "\(checked.output)")
        for command in ["check", "render"] {
            let told = try CommandRun([command, "mug.png"] + small, in: folder)
            #expect(told.status == 1 && told.output.contains(ended), "\(told.output)")
        }
        _ = try CommandRun(["proof", "mug.png", "-o", "page.html"] + small, in: folder)
        #expect(String(decoding: try folder.read("page.html"), as: UTF8.self).contains(ended))
        let studio = folder["studio"]
        try FileManager.default.createDirectory(atPath: studio, withIntermediateDirectories: true)
        for name in ["mug.png", "mug.xmp"] {
            try FileManager.default.copyItem(atPath: folder[name], toPath: "\(studio)/\(name)")
        }
        try folder.write(Data("sku: MUG-1\nview: front\n".utf8), as: "studio/mug.png.yaml")
        let before = try CommandRun(["preflight", "studio"] + small, in: folder)
        #expect(before.status == 1 && before.output.contains(ended), "\(before.output)")
        // What is declared beside it may say otherwise.
        let renewed = "sku: MUG-1\nview: front\nrights: {overrides: embedded, because: renewed}\n"
        try folder.write(Data(renewed.utf8), as: "mug.png.yaml")
        let told = try CommandRun(["check", "mug.png"] + small, in: folder)
        #expect(told.status == 0, "\(told.output)")
    }

    @Test func anXMPThatCannotBeReadHoldsIt() throws {
        try folder.write(Data("no xmp".utf8), as: "mug.png.xmp")
        let told = try run("check", "mug.png", "--config", "sluice.yaml")
        #expect(told.status == 1)
        #expect(told.output.contains("mend the .xmp beside the picture"), "\(told.output)")
    }

    @Test func whatCannotBeCheckedSaysWhy() throws {
        let whole = try folder.read("mug.png")
        try folder.write(whole.prefix(whole.count / 2), as: "half.png")
        try folder.write(Data(), as: "empty.png")
        try folder.write(Data("hello".utf8), as: "text.jpg")
        try folder.write(Data("hello".utf8), as: "notes.txt")
        try folder.write(Data("sku: MUG-1\nview: front\n".utf8), as: "spool/mug.png.yaml")
        try folder.write(whole, as: "spool/mug.png")
        let told = [
            "nowhere.png": "there is no 'nowhere.png'", "empty": "there is no profile",
            "spool": "sluice preflight DIR", "half.png": "cut off or damaged",
            "empty.png": "is empty",
            "text.jpg": "is plain text whatever its name says, not a picture",
            "notes.txt": "neither a picture", "/dev/null": "neither a file nor a directory",
        ]
        for (path, words) in told {
            let run = try run("check", path)
            #expect(run.status == 2, "\(path): \(run.output)")
            #expect(run.errors.contains(words), "\(path): \(run.errors)")
        }
        let channel = try run("check", "channels/small.yaml", "--channel", "small")
        #expect(channel.status == 2 && channel.errors.contains("is no picture"))
        let two = try run("check", "mug.png", "spool/mug.png")
        #expect(two.status == 2 && two.errors.contains("one at a time"))
        try FileManager.default.moveItem(
            atPath: folder["channels/small.yaml"], toPath: folder["small.yml"])
        let short = try run("check", "small.yml")
        #expect(short.status == 0 && short.output.contains("rename it"), "\(short.output)")
    }
}
