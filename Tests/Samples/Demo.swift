import Foundation

/// The masters of a small shop, with one of everything that happens to masters: a cut-out, paper
/// white that is not white, CMYK, a camera held sideways, a missing approval, rights that ended,
/// too few pixels, a newer version, a batch.
enum Demo {
    /// One master: what is drawn, how it is written, and what is said beside it.
    struct Shot: Sendable {
        enum Kind: Sendable {
            case jpeg
            /// Transparent around the product.
            case cutOut
            case cmyk
            /// Stored turned to the left, with an EXIF orientation that puts it right.
            case sideways
        }

        var directory = "incoming"
        var file: String
        var width: Int
        var height: Int
        var kind = Kind.jpeg
        var background: UInt32 = 0xFFFFFF
        /// Share of the shorter side that the product's two units take; more is closer.
        var fill: Float = 0.84
        var center = Point.zero
        var sidecar: Sidecar
        var draw: @Sendable (inout Canvas) -> Void
    }

    private static let batch = "incoming/tee-4001"

    static func draw(into directory: String) throws {
        let shots = shots
        for sub in ["incoming", "later", "products", batch] {
            try Disk.makeDirectory("\(directory)/\(sub)")
        }
        try Disk.concurrently(shots.count) { index in
            let shot = shots[index]
            try write(shot, "\(directory)/\(shot.directory)/\(shot.file)")
        }
        try describe(shots, directory)
        try Disk.write(Catalogue.csv, "\(directory)/products/products.csv")
    }

    private static func write(_ shot: Shot, _ path: String) throws {
        let alpha = shot.kind == .cutOut
        var canvas = Canvas(
            shot.width, shot.height, fill: shot.fill, center: shot.center,
            background: alpha ? nil : rgb(shot.background))
        shot.draw(&canvas)
        let picture = try canvas.picture(alpha: alpha)
        switch shot.kind {
        case .cutOut: try picture.write("pngsave", path, ["compression": "2"])
        case .jpeg: try sign(picture).write("jpegsave", path, ["Q": "93"])
        case .sideways:
            let turned = try picture.applying("rot", ["angle": "d270"])
            turned.setOrientation(6)
            try sign(turned).write("jpegsave", path, ["Q": "93"])
        case .cmyk:
            let options = ["output-profile": "cmyk", "input-profile": "srgb"]
            try picture.applying("icc_transform", options).write("jpegsave", path, ["Q": "95"])
        }
    }

    /// What cameras and studios leave in a file; a place and a serial number have no business in
    /// a shop.
    private static func sign(_ picture: Picture) -> Picture {
        picture.setExif("exif-ifd0-Copyright", "Studio Kontor")
        picture.setExif("exif-ifd0-Artist", "Maria K.")
        picture.setExif("exif-ifd0-Model", "Field Camera 8")
        picture.setExif("exif-ifd2-BodySerialNumber", "SN-0042-1717")
        picture.setExif("exif-ifd3-GPSLatitude", rationals: "52/1 31/1 12/1")
        picture.setExif("exif-ifd3-GPSLongitude", rationals: "13/1 24/1 36/1")
        return picture
    }

    /// Sidecars name the bytes that were approved, so they come after them.
    private static func describe(_ shots: [Shot], _ directory: String) throws {
        var manifest =
            "# Written by the studio; the checksums prove that the bytes are whole.\nfiles:\n"
        for shot in shots {
            let path = "\(directory)/\(shot.directory)/\(shot.file)"
            let bytes = try Disk.read(path)
            if shot.directory == batch {
                manifest += shot.sidecar.entry(file: shot.file, bytes: bytes)
            } else {
                try Disk.write(shot.sidecar.text(sha256: Disk.sha256(bytes)), path + ".yaml")
            }
        }
        try Disk.write(manifest, "\(directory)/\(batch)/manifest.yaml")
    }

    /// - Parameter at: middle of the picture and share of the frame, for a close view.
    private static func shot(
        _ sku: String, _ view: String, _ width: Int, _ height: Int,
        at: (Float, Float, fill: Float) = (0, 0, 0.84),
        _ draw: @escaping @Sendable (inout Canvas) -> Void
    ) -> Shot {
        Shot(
            file: "\(sku)_2026-11_\(view).jpg", width: width, height: height, fill: at.fill,
            center: Point(at.0, at.1), sidecar: Sidecar(skus: [sku], view: view), draw: draw)
    }

    private static func with(_ shot: Shot, _ change: (inout Shot) -> Void) -> Shot {
        var shot = shot
        change(&shot)
        return shot
    }

    private static var shots: [Shot] { kitchen + shoe + shirt + bag + home }

    private static var kitchen: [Shot] {
        let mug: @Sendable (inout Canvas) -> Void = { Mug().draw(on: &$0) }
        let bottle: @Sendable (inout Canvas) -> Void = { Bottle().draw(on: &$0) }
        return [
            with(shot("MUG-1001", "front", 2400, 2400, mug)) { $0.background = 0xFAFAF8 },
            shot("MUG-1001", "back", 1600, 1600) { Mug(back: true).draw(on: &$0) },
            shot("MUG-1001", "detail-1", 1400, 1400, at: (-0.14, 0.02, 2.1), mug),
            shot("MUG-1001", "detail-2", 1400, 1400, at: (0.42, -0.30, 2.3), mug),
            shot("BTL-2001", "front", 2000, 2000, bottle),
            shot("BTL-2001", "back", 2000, 2000) { Bottle(back: true).draw(on: &$0) },
            shot("BTL-2001", "detail-1", 1400, 1400, at: (0.04, -0.70, 2.8), bottle),
            with(shot("MUG-1001", "lifestyle", 2400, 1800) { Scene().draw(on: &$0) }) {
                $0.file = "table_2026-11_lifestyle.jpg"
                $0.sidecar.skus = ["MUG-1001", "BTL-2001"]
                $0.sidecar.tags = ["autumn", "kitchen"]
            },
            shot("BRD-9001", "front", 400, 400) { Board().draw(on: &$0) },
        ]
    }

    private static var shoe: [Shot] {
        let shoe: @Sendable (inout Canvas) -> Void = { Sneaker().draw(on: &$0) }
        func cutOut(_ shot: inout Shot) {
            shot.kind = .cutOut
            shot.fill = 1.35
            shot.center = Point(0, -0.07)
        }
        return [
            with(shot("SNK-3001", "front", 2400, 1600) { Sneaker(shadow: false).draw(on: &$0) }) {
                cutOut(&$0)
                $0.file = "SNK-3001_2026-11_front.png"
            },
            shot("SNK-3001", "detail-1", 1400, 1400, at: (-0.02, -0.28, 2.3), shoe),
            shot("SNK-3001", "detail-2", 1400, 1400, at: (0.68, 0.22, 2.3), shoe),
            with(
                shot("SNK-3001", "front", 2400, 1600) {
                    Sneaker(accent: rgb(0x2F6FB0), shadow: false).draw(on: &$0)
                }
            ) {
                cutOut(&$0)
                $0.directory = "later"
                $0.file = "SNK-3001_2026-12_front.png"
                $0.sidecar.season = "2026-12"
                $0.sidecar.approval = ("maria.k", "2026-11-19T15:40:00Z", 2)
            },
        ]
    }

    private static var shirt: [Shot] {
        let shirt: @Sendable (inout Canvas) -> Void = { Shirt().draw(on: &$0) }
        return [
            shot("TEE-4001", "front", 2000, 2000, shirt),
            shot("TEE-4001", "back", 2000, 2000) { Shirt(back: true).draw(on: &$0) },
            shot("TEE-4001", "detail-1", 1400, 1400, at: (0, -0.64, 2.4), shirt),
            shot("TEE-4001", "detail-2", 1400, 1400, at: (0.03, -0.08, 3.2), shirt),
        ].map { shot in
            with(shot) {
                $0.directory = batch
                $0.sidecar.rights = ["from: 2026-10-01", "in: [EU]"]
            }
        }
    }

    private static var bag: [Shot] {
        let bag: @Sendable (inout Canvas) -> Void = { Backpack().draw(on: &$0) }
        return [
            with(shot("BAG-5001", "front", 2000, 2200, at: (0, 0, 0.90), bag)) {
                $0.kind = .sideways
            },
            shot("BAG-5001", "detail-1", 1400, 1400, at: (0.16, 0.42, 2.2), bag),
        ]
    }

    private static var home: [Shot] {
        let lamp: @Sendable (inout Canvas) -> Void = { Lamp().draw(on: &$0) }
        let headphones: @Sendable (inout Canvas) -> Void = { Headphones().draw(on: &$0) }
        return [
            with(shot("LMP-6001", "front", 1800, 2000, lamp)) { $0.kind = .cmyk },
            shot("LMP-6001", "detail-1", 1400, 1400, at: (0, 0.45, 1.7), lamp),
            with(shot("HDP-7001", "front", 2000, 2000, headphones)) { $0.sidecar.approval = nil },
            shot("HDP-7001", "detail-1", 1400, 1400, at: (0.68, 0.42, 1.8), headphones),
            with(shot("STL-8001", "front", 2000, 2000) { Stool().draw(on: &$0) }) {
                $0.sidecar.approval = ("jonas.w", "2025-08-20T10:00:00Z", 1)
                $0.sidecar.rights = ["from: 2025-09-01", "until: 2025-12-31"]
            },
        ]
    }
}
