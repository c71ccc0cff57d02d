import Foundation
import PictureSupport
import Support

/// A picture and what is said beside it.
struct Source {
    var sku: String
    var view = "front"
    /// Pictures of different seeds differ in every byte that matters.
    var seed = 1
    /// Nil: not approved.
    var seq: Int? = 1
    /// Lines below `rights:`.
    var rights: [String] = []
    /// Nil: made from the rest.
    var file: String?
    var audience = "public"
    var approvedAt = "2026-11-03T09:12:00Z"
    /// More of the approval.
    var bound: String?

    var name: String { file ?? "\(sku)-\(view)-\(seed).png" }

    var sidecar: String {
        let more = bound.map { ", sha256: \($0)" } ?? ""
        let approval = seq.map {
            ["approval: {by: maria.k, at: \(approvedAt), seq: \($0)\(more)}"]
        }
        let rights = rights.isEmpty ? [] : ["rights: {\(rights.joined(separator: ", "))}"]
        return
            (["sku: \(sku)", "view: \(view)", "audience: \(audience)"] + (approval ?? []) + rights)
            .joined(separator: "\n") + "\n"
    }
}

extension Site {
    /// As an upload does that knows its manners: written aside, renamed in, the sidecar first.
    func drop(_ sources: Source...) throws { try drop(sources) }

    func drop(_ sources: [Source]) throws {
        for source in sources {
            try writeSidecar(source)
            let aside = home.path("aside/\(source.name)")
            try Self.picture(source.seed, at: aside)
            try move(aside, to: home.path("spool/\(source.name)"))
        }
    }

    func writeSidecar(_ source: Source) throws {
        let aside = try home.write(source.sidecar, to: "aside/sidecar")
        try move(aside, to: home.path("spool/\(source.name).yaml"))
    }

    /// What a program for pictures writes beside one of ours.
    func writeXMP(_ fields: String, beside source: Source) throws {
        let text = """
            <x:xmpmeta xmlns:x="adobe:ns:meta/">
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/">
            \(fields)</rdf:Description></rdf:RDF></x:xmpmeta>
            """
        let aside = try home.write(text, to: "aside/xmp")
        try move(aside, to: home.path("spool/\(source.name).xmp"))
    }

    func move(_ path: String, to new: String) throws {
        guard rename(path, new) == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: new])
        }
    }

    /// A coloured box on white, 80 by 60: drawn at once even in a debug build.
    static func picture(_ seed: Int, at path: String) throws {
        let color = [UInt8(40 + seed * 37 % 160), UInt8(30 + seed * 53 % 170), UInt8(seed % 200)]
        let drawing = try Drawing(80, 60) { x, y in
            (15..<65).contains(x) && (10..<50).contains(y) ? color : [255, 255, 255]
        }
        try drawing.save("pngsave", to: path)
    }

    /// Two products, three pictures.
    static let usual = [
        Source(sku: "A1", seed: 1), Source(sku: "A1", view: "back", seed: 2),
        Source(sku: "A2", seed: 3),
    ]
}
