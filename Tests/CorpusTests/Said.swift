import Foundation

/// Colours said outside of ICC profiles, soundly and otherwise.
enum Said {
    static func specimens(of whole: [Specimen]) -> [Specimen] {
        func bytes(_ name: String) -> Data { whole.first { $0.name == name }?.bytes ?? Data() }
        return chunks(bytes("png rgb.png"), "rgb") + chunks(bytes("png 16 bit grey.png"), "grey")
            + boxes(bytes("avif.avif"))
    }

    private static func chunks(_ png: Data, _ what: String) -> [Specimen] {
        let ones = [UInt8](repeating: 255, count: 32)
        let all: [(String, String, [UInt8])] = [
            ("p3", "cICP", [12, 13, 0, 1]), ("pq", "cICP", [9, 16, 0, 1]),
            ("hlg", "cICP", [9, 18, 0, 1]), ("unspecified", "cICP", [2, 2, 0, 1]),
            ("nothing known", "cICP", [255, 255, 0, 1]), ("video range", "cICP", [1, 1, 0, 0]),
            ("short", "cICP", [12]), ("empty", "cICP", []),
            ("linear", "gAMA", Surgery.big(100_000)),
            ("of zero", "gAMA", Surgery.big(0)), ("of one", "gAMA", Surgery.big(1)),
            ("of 4 billion", "gAMA", [255, 255, 255, 255]), ("short", "gAMA", [1]),
            ("zeros", "cHRM", [UInt8](repeating: 0, count: 32)), ("of 4 billion", "cHRM", ones),
            ("short", "cHRM", [0, 0]), ("empty", "iCCP", []), ("zeros", "iCCP", [0, 0, 0, 0]),
            ("intent 9", "sRGB", [9]),
        ]
        return all.map { kind, name, body in
            Specimen("said \(name) \(kind) \(what).png", Surgery.png(png, adding: name, body))
        }
    }

    private static func boxes(_ avif: Data) -> [Specimen] {
        func changed(
            _ name: String, _ mark: String, at offset: Int, to bytes: [UInt8]
        ) -> Specimen {
            var file = Array(avif)
            if let found = avif.range(of: Data(mark.utf8)) {
                let start = found.lowerBound + offset
                file.replaceSubrange(start..<start + bytes.count, with: bytes)
            }
            return Specimen("said \(name).avif", Data(file))
        }
        return [
            changed("p3", "nclx", at: 4, to: [0, 12, 0, 13]),
            changed("pq", "nclx", at: 4, to: [0, 9, 0, 16]),
            changed("hlg", "nclx", at: 4, to: [0, 9, 0, 18]),
            changed("nothing known", "nclx", at: 4, to: [255, 255, 255, 255]),
            changed("profile of codes", "nclx", at: 0, to: Array("prof".utf8)),
            changed("box of another kind", "nclx", at: 0, to: Array("zzzz".utf8)),
            changed("box without end", "nclx", at: -8, to: [0xFF, 0xFF, 0xFF, 0xFF]),
            changed("box of 64 bits", "nclx", at: -8, to: [0, 0, 0, 1]),
            changed("box of no length", "nclx", at: -8, to: [0, 0, 0, 0]),
            changed("properties of nobody", "ipma", at: 12, to: [9, 9]),
            changed("properties of 4 billion", "ipma", at: 8, to: [255, 255, 255, 255]),
        ]
    }
}
