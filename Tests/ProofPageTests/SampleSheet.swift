import Foundation
import Model
import PictureSupport
import Proof

/// A sheet with one of everything that a sheet can show.
enum SampleSheet {
    static func make(in folder: Folder) throws -> ProofSheet {
        let scene = Scene(folder: folder)
        let master = Scene.square
        var inspection = Inspection(
            format: .jpeg, size: PixelSize(width: 4000, height: 4000), orientation: 6, pages: 1,
            bands: 3, bitsPerBand: 8, hasAlpha: false, space: "srgb", hasProfile: true)
        inspection.profile = .init(name: "Adobe RGB (1998)", space: "RGB", fits: true)
        inspection.metadata.kept = ["copyright": "© 2026 Studio Nord", "credit": "M. Kovač"]
        inspection.metadata.hasPosition = true
        inspection.measurement = large(Scene.measurement(master))
        var preview = try scene.picture(scene.draw(master), master.size)
        preview.note = "shown at 400 × 400: browsers and pages are no place for 4000 × 4000"
        return ProofSheet(
            subject: "SKU12345", madeAt: Date(timeIntervalSince1970: 1_795_000_000),
            program: "sluice 0.1",
            masters: [
                ProofSheet.Master(
                    name: "incoming/SKU12345_front.jpg", asset: "SKU12345 front",
                    hash: ContentHash.of(Data("master".utf8)), bytes: 4_812_345,
                    inspection: inspection, picture: preview,
                    channels: [
                        try amazon(scene), try story(scene), try webshop(scene), try market(scene),
                    ])
            ], notes: ["'SKU12345_back.jpg' is not shown: hash mismatch"])
    }

    /// One rendition that passes, and nothing else.
    static func one(in folder: Folder) throws -> ProofSheet {
        var sheet = try make(in: folder)
        var channel = sheet.masters[0].channels[0]
        channel.renditions = [channel.renditions[0]]
        sheet.masters[0].picture = nil
        sheet.masters[0].inspection = nil
        sheet.masters[0].channels = [channel]
        return sheet
    }

    private static func large(_ measured: PictureMeasurement) -> PictureMeasurement {
        var large = measured
        func grown(_ box: Box?) -> Box? {
            box.map {
                Box(
                    left: $0.left * 10, top: $0.top * 10, width: $0.width * 10,
                    height: $0.height * 10)
            }
        }
        large.size = PixelSize(width: 4000, height: 4000)
        large.product = grown(measured.product)
        large.extent = grown(measured.extent)
        return large
    }

    private static let revision = ContentHash.of(Data("profile".utf8))

    private static func place(_ line: Int) -> Place {
        Place(file: "/etc/sluice/channels/amazon.yaml", line: line, column: 5)
    }

    private static func amazon(_ scene: Scene) throws -> ProofSheet.Channel {
        var flawed = Scene.square
        flawed.flaw = Point(x: 2, y: 301)
        let good = try scene.picture(scene.draw(Scene.square), Scene.square.size)
        let bad = try scene.picture(scene.draw(flawed), flawed.size)
        let border = ProofSheet.Outcome.Border(share: 0.01, tolerance: 0)
        var recipe = Scene.recipe(Scene.square.size)
        recipe.fill = Fill(min: 0.8, max: 0.9)
        let fill = Check(
            "fill", demand: "80 % to 90 % of the longer side", measured: "80.0 %", passed: true,
            place: place(24), source: "Seller Central: the product fills 85 % or more")
        let size = Check(
            "zoom", demand: "at least 400 px on the shorter side", measured: "400 px",
            passed: true, place: place(41), source: "Seller Central: enables zoom")
        let pure = Check(
            "background.ring", demand: "#FFFFFF in the outer 1 %", measured: "#FFFFFF everywhere",
            passed: true, place: place(26), source: "Seller Central: pure white")
        let impure = Check(
            "background.ring", demand: "#FFFFFF in the outer 1 %",
            measured: "#E2DED6 at (2, 301), 41 away", passed: false, place: place(26),
            source: "Seller Central: pure white",
            fix: "clean the background, or allow whitening up to 41 with 'whiten: 41'")
        return ProofSheet.Channel(
            name: "amazon", title: "Amazon product images", state: "draft", market: ["DE", "AT"],
            file: "/etc/sluice/channels/amazon.yaml", revision: revision,
            gates: [
                Gate(
                    .approval, "not approved yet", turn: "approver", next: "sluice approve FILE")
            ],
            renditions: [
                ProofSheet.Rendition(
                    name: "hero",
                    placements: [.init(slot: "main", name: "B00EXAMPLE.MAIN.png")],
                    now: .init(
                        recipe: recipe, border: border, picture: good,
                        receipt: Scene.receipt(Scene.square), checks: [size, fill, pure])),
                ProofSheet.Rendition(
                    name: "zoom",
                    placements: [
                        .init(slot: "additional", name: "B00EXAMPLE.PT01.png"),
                        .init(slot: "swatch", name: nil),
                    ],
                    now: .init(
                        recipe: recipe, border: border, picture: bad,
                        receipt: Scene.receipt(flawed), checks: [size, fill, impure])),
            ])
    }

    private static func story(_ scene: Scene) throws -> ProofSheet.Channel {
        let shot = Scene.Shot(
            size: PixelSize(width: 270, height: 480),
            product: Box(left: 65, top: 40, width: 140, height: 320))
        var recipe = Scene.recipe(PixelSize(width: 1080, height: 1920))
        recipe.safe = Insets(top: 250, bottom: 250)
        var picture = try scene.picture(
            scene.draw(shot), shot.size, saver: "jpegsave", type: "image/jpeg")
        picture.note = "preview: converted from CMYK TIFF, which browsers do not show"
        return ProofSheet.Channel(
            name: "instagram-story", title: "Instagram story", state: "live",
            file: "/etc/sluice/channels/instagram.yaml", revision: revision,
            renditions: [
                ProofSheet.Rendition(
                    name: "story",
                    placements: [.init(slot: "story", name: "SKU12345-story.tif")],
                    now: .init(
                        recipe: recipe, picture: picture, receipt: Scene.receipt(shot, .tiff),
                        checks: [
                            Check(
                                "safe", demand: "250 px clear at the top, 250 px at the bottom",
                                measured: "the product begins at 160 px", passed: false,
                                place: place(12), fix: "leave more room above the product")
                        ]))
            ])
    }

    private static func webshop(_ scene: Scene) throws -> ProofSheet.Channel {
        let shot = Scene.square
        var recipe = Scene.recipe(shot.size)
        (recipe.background, recipe.format) = (nil, .webp)
        var measured = Scene.receipt(shot, .webp)
        measured.measurement?.background.kind = .transparent
        measured.rings = []
        var older = recipe
        (older.format, older.background, older.maxQuality) = (.jpeg, Scene.white, 90)
        var flawed = shot
        flawed.flaw = Point(x: 399, y: 0)
        let cutout = try scene.picture(
            scene.draw(shot, alpha: true), shot.size, saver: "webpsave", type: "image/webp")
        let before = try scene.picture(
            scene.draw(flawed), shot.size, saver: "jpegsave", type: "image/jpeg")
        return ProofSheet.Channel(
            name: "webshop", title: "Own shop", state: "live", file: "channels/webshop.yaml",
            revision: revision, against: "last-week/webshop.yaml",
            changes: ["rendition product: format: jpeg → webp", "old_stays: 14d → 30d"],
            renditions: [
                ProofSheet.Rendition(
                    name: "product", placements: [.init(slot: "main", name: "SKU12345.webp")],
                    now: .init(
                        recipe: recipe, picture: cutout, receipt: measured,
                        checks: [
                            Check(
                                "size", demand: "400x400", measured: "400x400", passed: true,
                                place: place(9))
                        ]),
                    before: .init(
                        recipe: older, border: .init(share: 0.01, tolerance: 2), picture: before,
                        receipt: Scene.receipt(flawed, .jpeg),
                        checks: [
                            Check(
                                "size", demand: "400x400", measured: "400x400", passed: true,
                                place: place(9)),
                            Check(
                                "background.ring", demand: "#FFFFFF ± 2 in the outer 1 %",
                                measured: "#E2DED6 at (399, 0), 41 away", passed: false,
                                place: place(26)),
                        ]))
            ])
    }

    private static func market(_ scene: Scene) throws -> ProofSheet.Channel {
        ProofSheet.Channel(
            name: "marketplace", title: "<script>alert(1)</script> & \u{202E}Marktplatz",
            state: "live", file: "channels/marketplace.yaml", revision: revision,
            renditions: [
                ProofSheet.Rendition(
                    name: "packshot", placements: [.init(slot: "main", name: nil)],
                    now: .init(
                        recipe: Scene.recipe(PixelSize(width: 6000, height: 6000)),
                        refusal:
                            "the picture is 4000x4000 and the smallest frame 6000x6000: it would "
                            + "have to be enlarged to 6000x6000; deliver a larger original, or "
                            + "allow 'upscale' in the profile"))
            ])
    }
}
