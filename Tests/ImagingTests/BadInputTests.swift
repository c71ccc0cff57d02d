import Foundation
import Model
import PictureSupport
import Testing
import Wire

@testable import Imaging

extension Pictures {
    @Suite("Bad input")
    struct BadInputTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        @Test(
            "refuses what ends early, for every recipe alike",
            arguments: [
                ("jpegsave", "a.jpg", ImageFormat.jpeg), ("pngsave", "a.png", .png),
                ("tiffsave", "a.tif", .tiff), ("webpsave", "a.webp", .webp),
            ])
        func truncated(saver: String, name: String, format: ImageFormat) throws {
            try Drawing.noise(200, 200).save(saver, to: studio.masters[name])
            let whole = try studio.masters.read(name)
            try studio.masters.write(whole.prefix(whole.count * 2 / 3), as: name)
            let outcomes = studio.outcomes(name, format, [.frame(100), .frame(50)])
            for outcome in outcomes {
                guard case .refused(_, let refusal) = outcome else {
                    Issue.record("made from half a file")
                    continue
                }
                #expect(refusal.code == .unreadable)
                #expect(refusal.message.contains("deliver the new file"))
                #expect(!refusal.message.contains("\n"))
            }
            #expect(studio.output.names.isEmpty)
            // The library's error buffer is the process's: the next picture must not inherit it.
            try Drawing(60, 60, color: [1, 2, 3]).save("pngsave", to: studio.masters["good.png"])
            #expect(try studio.render("good.png", .png, .frame(40)).size.width == 40)
        }

        @Test("believes the first bytes, not the name")
        func misnamed() throws {
            try Drawing(60, 60, color: [1, 2, 3]).save("pngsave", to: studio.masters["a.jpg"])
            let refusal = studio.refusal("a.jpg", .jpeg)
            #expect(refusal?.code == .unreadable)
            #expect(refusal?.message.contains("named as jpeg but holds png") == true)
        }

        @Test(
            "refuses what is no picture",
            arguments: [
                "", "\u{FF}", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
                "%!PS-Adobe-3.0", "push graphic-context\nviewbox 0 0 9 9", "P6 9 9 255 ",
            ])
        func noPicture(text: String) throws {
            try studio.masters.write(Data(text.utf8), as: "a.jpg")
            #expect(studio.refusal("a.jpg", .jpeg)?.code == .unreadable)
        }

        @Test("refuses animations, takes the first page of a TIFF")
        func pages() throws {
            let frames = try Drawing(20, 60) { _, y in
                y < 20 ? [200, 0, 0] : y < 40 ? [0, 200, 0] : [0, 0, 200]
            }.paged(height: 20)
            for (saver, name, format) in [
                ("gifsave", "a.gif", ImageFormat.gif), ("webpsave", "a.webp", .webp),
            ] {
                try frames.save(saver, to: studio.masters[name])
                let refusal = studio.refusal(name, format, .frame(20))
                #expect(refusal?.code == .oversize)
                #expect(refusal?.message.contains("animation") == true)
            }
            try frames.save("tiffsave", to: studio.masters["a.tif"])
            #expect(try studio.inspect("a.tif", .tiff).pages == 3)
            let made = try studio.render("a.tif", .tiff, .frame(20))
            #expect(made.shows([200, 0, 0], at: 10, 10))
        }

        /// libvips takes 10,000 pages and more for one.
        @Test("counts pages itself", arguments: [(200, nil), (201, "200"), (10_000, "200")])
        func manyPages(count: Int, limit: String?) throws {
            try studio.masters.write(Bomb.tiff(pages: count), as: "a.tif")
            guard let limit else {
                #expect(try studio.inspect("a.tif", .tiff).pages == count)
                return
            }
            let refusal = #expect(throws: Refusal.self) { try studio.inspect("a.tif", .tiff) }
            #expect(refusal?.code == .oversize)
            #expect(refusal?.message.contains("more than \(limit) pages") == true)
        }

        @Test("does not walk in circles")
        func circle() throws {
            try studio.masters.write(Bomb.tiff(pages: 3, leadingBack: true), as: "a.tif")
            let inspection = try? studio.inspect("a.tif", .tiff)
            #expect(inspection?.pages ?? 3 == 3)
        }

        @Test("refuses bombs by their header, at once")
        func bombs() throws {
            let bombs: [(String, Data, ImageFormat)] = [
                ("50,000 a side", Bomb.png(50_000, 50_000), .png),
                ("787,402 a side", Bomb.png(787_402, 787_402), .png),
                ("sides in order, too many pixels", Bomb.png(29_000, 29_000), .png),
                ("interlaced", Bomb.png(20_000, 20_000, interlaced: true), .png),
                ("16 bits, too many bytes", Bomb.png(16_000, 16_000, depth: 16), .png),
                ("gif", Bomb.gif(60_000, 60_000), .gif),
                ("jpeg", Bomb.jpeg(65_000, 65_000), .jpeg),
                ("progressive", Bomb.jpeg(16_000, 16_000, progressive: true), .jpeg),
            ]
            for (name, bytes, format) in bombs {
                try studio.masters.write(bytes, as: "bomb")
                let refusal = studio.refusal("bomb", format)
                #expect(refusal?.code == .oversize, "\(name): \(refusal?.message ?? "")")
            }
        }

        @Test("lets the largest picture allowed through to its pixels")
        func largest() throws {
            try studio.masters.write(Bomb.png(16_384, 16_384), as: "a.png")
            let refusal = #expect(throws: Refusal.self) { try studio.inspect("a.png", .png) }
            #expect(refusal?.code == .unreadable)
        }
    }
}
