import Foundation
import Model
import Wire

@testable import DryRun
@testable import Export
@testable import sluice

/// A picture out of rights, and what four channels say to it.
enum Examined {
    static let examination: Examination = {
        var examination = Examination(
            file: "mug.jpg", sha256: master.hash, assets: ["MUG-1 front"],
            measurement: .init(master), metadata: .init(master),
            licence: .init(
                master.version(declared: nil, zone: .gmt), zone: .gmt, at: Answers.now))
        examination.product = ["title": "Mug", "sku": "MUG-1"]
        examination.channels = [
            channel("amazon", gates: [rights], [hero]), channel("webshop", [large]),
            channel("otto", state: "retired", []), channel("email", []),
        ]
        examination.channels[3].checks = [described]
        for index in examination.channels.indices { examination.channels[index].judge() }
        examination.channels[2].verdict = .notAsked
        return examination
    }()

    private static let master: DryRun.Master = {
        let hash = ContentHash.of(Data("mug".utf8))
        var inspection = Inspection(
            format: .jpeg, size: PixelSize(width: 3000, height: 2000), orientation: 6, pages: 1,
            bands: 3, bitsPerBand: 8, hasAlpha: false, space: "srgb", hasProfile: true)
        inspection.profile = .init(name: "FOGRA39", space: "CMYK", fits: false)
        inspection.metadata.kept = ["copyright": "Old", "credit": "Agency"]
        inspection.metadata.density = 300
        inspection.metadata.hasPosition = true
        inspection.metadata.hasSerialNumber = true
        var measured = PictureMeasurement(
            size: inspection.size, product: Box(left: 0, top: 250, width: 1500, height: 1500),
            extent: nil, unsure: nil, cut: [.left],
            background: .init(
                kind: .near, color: Color(red: 254, green: 254, blue: 254), worst: 15,
                at: Point(x: 12, y: 1990), worstColor: Color(red: 240, green: 239, blue: 238)),
            mean: [201.04, 198, 190],
            clipped: [
                .init(low: 0, high: 0.63), .init(low: 0.0001, high: 0), .init(low: 0, high: 0),
            ])
        measured.touches = nil
        inspection.measurement = measured
        var master = DryRun.Master(
            hash: hash, format: .jpeg, bytes: 1_204_331, inspection: inspection)
        master.xmp = "/spool/mug.xmp"
        var beside = PictureMetadata()
        beside.kept = ["copyright": "© ACME"]
        beside.usableUntil = ["2025-03-31"]
        beside.constraints = ["AL-CRP"]
        master.xmpMetadata = beside
        return master
    }()

    private static let rights = Gate(
        .rights, "rights ended with 2025-03-31, as the picture itself says", turn: "approver",
        next: "deliver a picture with rights")

    private static let described = Check(
        "origin", demand: "digital-source-type in the metadata", measured: "has none",
        passed: false, place: Place(file: "email.yaml", line: 30, column: 5), source: "§ 4",
        fix: "write it into the picture or the .xmp beside it")

    private static let hero: Examination.Rendition = {
        let format = Check("format", demand: "jpeg", measured: "is jpeg", passed: true)
        let ring = Check(
            "background.ring", demand: "a border of #FFFFFF, 1 % wide",
            measured: "its worst border pixel is #F0EFEE at (8, 1330), 17 away", passed: false,
            place: Place(file: "amazon.yaml", line: 27, column: 42),
            fix: "deliver the picture on a clean background")
        return .init(
            DryRun.Outcome(
                rendition: "hero", receipt: receipt(1927), checks: [format, ring],
                gates: [Gate(.compliance, "border", turn: "studio")]))
    }()

    private static let large = Examination.Rendition(
        DryRun.Outcome(
            rendition: "large", receipt: receipt(2048),
            checks: [Check("format", demand: "jpeg", measured: "is jpeg", passed: true)],
            gates: []))

    private static func receipt(_ side: Int) -> Receipt {
        Receipt(
            sha256: ContentHash.of(Data("\(side)".utf8)), bytes: 398_507, format: .jpeg,
            size: PixelSize(width: side, height: side), bands: 3, hasAlpha: false, space: "srgb",
            rings: [], renderer: [:], quality: 92)
    }

    private static func channel(
        _ name: String, state: String = "live", gates: [Gate] = [],
        _ renditions: [Examination.Rendition]
    ) -> Examination.Channel {
        Examination.Channel(
            channel: name, title: name.capitalized, state: state, profile: "\(name).yaml",
            gates: gates, renditions: renditions)
    }
}
