import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

extension Pictures {
    /// A profile is in the file and nobody can read it: the same answer whatever the container, where
    /// some decoders complain and some drop it without a word.
    @Suite("Damaged profiles")
    struct DamagedProfileTests {
        let studio: Studio

        init() throws { studio = try Studio() }

        private func wide(_ saver: String, _ name: String) throws -> Data {
            var options: [String: String] = [:]
            if saver == "heifsave" { options = ["compression": "av1"] }
            try Drawing(60, 60, color: [184, 50, 48]).profiled(Drawing.profile("p3"))
                .save(saver, to: studio.masters[name], options)
            return try studio.masters.read(name)
        }

        private func expectDamaged(
            _ file: Data, _ name: String, _ format: ImageFormat, _ what: String
        ) throws {
            try studio.masters.write(file, as: name)
            let refusal = studio.refusal(name, format)
            #expect(refusal?.code == .color, "\(what)")
            #expect(refusal?.message.contains("profile is damaged") == true, "\(what)")
            #expect(try studio.inspect(name, format).hasProfile, "\(what)")
        }

        @Test("in a PNG", arguments: [false, true])
        func png(isGray: Bool) throws {
            var file = try wide("pngsave", "a.png")
            if isGray {
                // libpng itself keeps RGB profiles out of grey pictures.
                var body: [UInt8] = []
                _ = file.png(changing: "iCCP") {
                    body = $0; return $0
                }
                try Drawing(60, 60, color: [90]).save("pngsave", to: studio.masters["b.png"])
                file = try studio.masters.read("b.png").png(adding: "iCCP", body)
            }
            let changes: [(String, ([UInt8]) -> [UInt8]?)] = [
                ("cut off", { Array($0.prefix($0.count / 2)) }),
                ("cut off by little", { $0.dropLast(40) }),
                ("nothing packed", { Array($0.prefix(5)) }), ("empty", { _ in [] }),
                ("no zlib", { $0.prefix(5) + [UInt8](repeating: 7, count: 200) }),
                ("other method", { $0.prefix(4) + [9] + $0.dropFirst(5) }),
                ("no end of its name", { _ in [UInt8](repeating: 65, count: 200) }),
            ]
            for (what, change) in changes {
                try expectDamaged(
                    file.png(changing: "iCCP", change), "a.png", .png, "\(what), \(isGray)")
            }
        }

        @Test(
            "with a header that says more than there is",
            arguments: ["pngsave", "webpsave", "tiffsave", "jpegsave", "heifsave"])
        func size(saver: String) throws {
            let (name, format): (String, ImageFormat) =
                switch saver {
                case "pngsave": ("a.png", .png)
                case "webpsave": ("a.webp", .webp)
                case "tiffsave": ("a.tif", .tiff)
                case "jpegsave": ("a.jpg", .jpeg)
                default: ("a.avif", .avif)
                }
            var profile = try Drawing.profile("p3")
            let options = saver == "heifsave" ? ["compression": "av1"] : [:]
            func write() throws -> Data {
                try Drawing(60, 60, color: [184, 50, 48]).profiled(profile)
                    .save(saver, to: studio.masters[name], options)
                return try studio.masters.read(name)
            }
            var file = try write()
            #expect(studio.refusal(name, format) == nil)
            if let found = file.range(of: profile.prefix(64)) {
                // Uncompressed: changed where it lies.
                file[found.lowerBound + 1] = 0x40
                try expectDamaged(file, name, format, "size in place")
            }
            profile[1] = 0x40
            guard saver != "pngsave" else {
                // libpng does not write it: packed by itself.
                let stored = Self.stored(Array(profile))
                file = file.png(changing: "iCCP") { $0.prefix(5) + stored }
                return try expectDamaged(file, name, format, "size")
            }
            try expectDamaged(write(), name, format, "size")
        }

        /// As zlib does it that packs nothing (RFC 1950, 1951).
        private static func stored(_ bytes: [UInt8]) -> [UInt8] {
            var (a, b) = (1, 0)
            for byte in bytes {
                a = (a + Int(byte)) % 65_521
                b = (b + a) % 65_521
            }
            let count = bytes.count
            let sizes = [count & 255, count >> 8, ~count & 255, ~(count >> 8) & 255]
            return [0x78, 1, 1] + sizes.map(UInt8.init) + bytes + Data.big(b << 16 | a)
        }

        @Test("that the decoder never sees: outside of a TIFF, one of two pieces, a WebP's flag")
        func unseen() throws {
            let tiff = try wide("tiffsave", "a.tif")
            // The tag, its type, its count and its place.
            let tag = try #require(tiff.range(of: Data([0x73, 0x87, 7, 0])))
            var outside = tiff
            outside.replaceSubrange(
                tag.upperBound + 4..<tag.upperBound + 8, with: [0xFF, 0xFF, 0xFF, 0x0F])
            try expectDamaged(outside, "a.tif", .tiff, "outside")
            var jpeg = try wide("jpegsave", "a.jpg")
            let mark = try #require(jpeg.range(of: Data("ICC_PROFILE\0".utf8)))
            // "The second of two": the first never comes.
            jpeg.replaceSubrange(mark.upperBound..<mark.upperBound + 2, with: [2, 2])
            try expectDamaged(jpeg, "a.jpg", .jpeg, "the second of two")
            var webp = try wide("webpsave", "a.webp")
            webp[20] &= 0b1101_1111
            try studio.masters.write(webp, as: "a.webp")
            let made = try studio.render("a.webp", .webp, .frame(40, format: .png))
            #expect(made.shows([200, 30, 40], at: 20, 20, within: 6), "\(made[20, 20])")
        }
    }
}
