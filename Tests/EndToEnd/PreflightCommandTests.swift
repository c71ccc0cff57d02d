import Foundation
import Model
import PictureSupport
import Testing
import Wire

/// `sluice preflight DIR`: a studio's folder with everything that goes wrong in one.
@Suite struct PreflightCommandTests {
    private static let profile = """
        channel: shop
        title: Shop
        state: draft
        select: {kind: image, audience: public}
        slots:
          main: {view: front, rendition: hero, name: "{sku}.{ext}", required: true}
          more: {view: [back, detail], take: all, rendition: hero, name: "{sku}-{position}.{ext}"}
        renditions:
          hero:
            size: 40x40..60x60
            fit: pad
            fill: 0.5..0.9
            background: {color: "#FFFFFF", ring: 1%}
            format: jpeg
        """

    private struct Report: Decodable {
        struct File: Decodable {
            struct Verdict: Decodable {
                var channel: String
                var names: [String]
                var gates: [Gate]
            }

            var path: String
            var strangers: [String: String]
            var twins: [String]
            var refused: String?
            var verdicts: [Verdict]
        }

        var files: [File]
    }

    private let folder: Folder

    init() throws {
        folder = try Folder()
        for name in ["channels", "spool", "state", "products", "studio"] {
            try FileManager.default.createDirectory(
                atPath: folder[name], withIntermediateDirectories: true)
        }
        try folder.write(Data(Self.profile.utf8), as: "channels/shop.yaml")
        try folder.write(Data("sku,title\nSHOE1,Shoe\nSHOE2,Boot\n".utf8), as: "products/p.csv")
        let configuration = """
            spool: {path: spool, settle: 10s}
            state: state
            channels: channels
            products: {path: products, columns: {sku: text, title: text}}
            naming: "{sku}_{view}"
            zone: UTC

            """
        try folder.write(Data(configuration.utf8), as: "sluice.yaml")
    }

    private func draw(_ name: String, _ side: Int = 100, _ color: UInt8 = 90) throws {
        try Drawing(side, side) { x, y in
            let isProduct =
                (side / 5..<side * 4 / 5).contains(x) && (side / 4..<side * 3 / 4).contains(y)
            return isProduct ? [color, 40, 40] : [255, 255, 255]
        }.save("pngsave", to: folder["studio/\(name)"])
    }

    private func preflight(_ more: String...) throws -> CommandRun {
        try CommandRun(["preflight", "studio", "--config", "sluice.yaml"] + more, in: folder)
    }

    @Test func namesThatDifferByCaseOnlyAreOneOnTheChannel() throws {
        try draw("SHOE1_front.png")
        try draw("shoe1_front.png", 100, 91)
        // As macOS writes it: a letter and its mark apart.
        try draw("GRO\u{308}SSE_front.png", 100, 92)
        let told = try preflight("--json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let files = try decoder.decode(Report.self, from: Data(told.output.utf8)).files
        let twins = try #require(files.first { $0.path == "SHOE1_front.png" }).twins
        #expect(twins == ["the same name on a channel as 'shoe1_front.png'"])
        let foreign = try #require(files.first { $0.path.hasPrefix("GRO") })
        #expect(foreign.refused == nil, "\(foreign.refused ?? "")")
    }

    @Test func saysWhatIsToBeDoneAboutEach() throws {
        try draw("SHOE1_front.png")
        try draw("SHOE1_back.png", 100, 91)
        try draw("SHOE3_front.png", 100, 92)
        try draw("SHOE2_front.png", 24, 93)
        try draw("SHOE2_back.png", 100, 91)
        try draw("final_v2_reallyfinal.png", 100, 94)
        try folder.write(Data("no picture".utf8), as: "studio/SHOE2_detail.jpg")
        let told = try preflight("--json")
        #expect(told.status == 1)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let files = try decoder.decode(Report.self, from: Data(told.output.utf8)).files
        func file(_ name: String) throws -> Report.File {
            try #require(files.first { $0.path == name })
        }
        let good = try file("SHOE1_front.png")
        #expect(good.verdicts.map(\.names) == [["SHOE1.jpg"]])
        #expect(good.verdicts.allSatisfy { $0.gates.isEmpty } && good.twins.isEmpty)
        #expect(try file("SHOE3_front.png").strangers["SHOE3"]?.hasPrefix("SHOE") == true)
        #expect(try file("SHOE1_back.png").twins == ["the same bytes as 'SHOE2_back.png'"])
        let small = try file("SHOE2_front.png").verdicts[0].gates
        #expect(small.contains { $0.message.contains("deliver a larger original") })
        #expect(try file("final_v2_reallyfinal.png").refused != nil)
        #expect(try file("SHOE2_detail.jpg").refused?.contains("not a picture") == true)

        let shown = try preflight()
        #expect(shown.status == 1)
        for words in ["did you mean 'SHOE", "twin:", "not taken:", "shop", "would go live"] {
            #expect(shown.output.contains(words), "\(words) in \(shown.output)")
        }
        #expect(
            Set(try FileManager.default.contentsOfDirectory(atPath: folder["studio"])).count == 7)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder["state"]).isEmpty)
    }

    @Test func aGoodFolderIsReady() throws {
        try draw("SHOE1_front.png")
        try draw("SHOE2_front.png", 110)
        let told = try preflight()
        #expect(told.status == 0, "\(told.output)")
        #expect(told.output.contains("2 pictures: ready to deliver"))
        #expect(
            try CommandRun(["preflight", "nowhere", "--config", "sluice.yaml"], in: folder).status
                == 2)
    }
}
