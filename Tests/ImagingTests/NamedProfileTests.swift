import Foundation
import Model
import PictureSupport
import Testing
import Wire

@testable import Imaging

extension Pictures {
    @Suite("Colour profiles by name")
    struct NamedProfileTests {
        let folder: Folder

        init() throws {
            _ = try ImageLibrary.start()
            folder = try Folder()
        }

        private func install(_ profile: String, as path: String) throws -> Data {
            let bytes = try Drawing.profile(profile)
            let file = URL(filePath: folder[path])
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try bytes.write(to: file)
            return bytes
        }

        private func refusal(_ name: String, for space: String = "CMYK") -> Refusal? {
            do throws(Refusal) {
                _ = try NamedProfile(name, in: [folder["none"], folder.path]).location(for: space)
                return nil
            } catch { return error }
        }

        @Test("finds what is installed, some folders deep", arguments: ["", "a/", "a/b/"])
        func installed(below: String) throws {
            let bytes = try install("cmyk", as: "\(below)House_inks-2.icc")
            let named = try NamedProfile("House_inks-2.icc", in: [folder["none"], folder.path])
            let location = try named.location(for: "CMYK")
            #expect(try Data(contentsOf: URL(filePath: location)) == bytes)
            #expect(try named.bytes(for: "CMYK") == bytes)
        }

        @Test("does not look through a whole disk")
        func deep() throws {
            _ = try install("cmyk", as: "a/b/c/d/deep.icc")
            #expect(refusal("deep.icc")?.code == .unsupported)
        }

        @Test("a missing one is named, with where to install it")
        func missing() throws {
            let missing = refusal("PSOcoated_v3.icc")
            let refusal = try #require(missing)
            #expect(refusal.code == .unsupported && !refusal.blamesMaster)
            #expect(refusal.message.contains("'PSOcoated_v3.icc' is not installed"))
            #expect(refusal.message.contains(folder.path))
            #expect(refusal.message.contains("install it there"))
        }

        @Test("one for other colours, or none at all, is refused")
        func unfit() throws {
            _ = try install("p3", as: "screen.icc")
            #expect(refusal("screen.icc")?.message.contains("is for RGB, not for CMYK") == true)
            #expect(refusal("screen.icc", for: "RGB") == nil)
            #expect(refusal("srgb")?.message.contains("is for RGB, not for CMYK") == true)
            try folder.write(Data("no profile".utf8), as: "text.icc")
            #expect(refusal("text.icc")?.message.contains("is no colour profile") == true)
        }

        @Test(
            "takes no name that could be a path",
            arguments: [
                "", ".", "..", ".hidden.icc", "../up.icc", "/etc/passwd", "a/b.icc", "a\\b.icc",
                "a b.icc", "ü.icc", "a\0.icc", "a\n", "[x]",
            ])
        func bad(name: String) throws {
            #expect(refusal(name)?.message.contains("is no name of a colour profile") == true)
        }

        @Test("no name is too long to be said, and none longer is taken")
        func long() {
            #expect(
                refusal(String(repeating: "a", count: 100))?.message.contains("not inst") == true)
            let long = refusal(String(repeating: "a", count: 10_000))
            #expect(long?.message.contains("is no name") == true)
            #expect(long.map { $0.message.utf8.count < 400 } == true)
        }

        @Test("what RGB means without a profile is for each recipe to say")
        func assumed() throws {
            let studio = try Studio()
            try Drawing(60, 60, color: [100, 180, 100])
                .call("icc_transform", ["output-profile": "p3", "input-profile": "srgb"])
                .unprofiled().save("pngsave", to: studio.masters["a.png"])
            var wide = Recipe.frame(40, format: .png)
            wide.assume = Assumption(rgb: "p3")
            let made = try studio.outcomes("a.png", .png, [.frame(40, format: .png), wide]).map {
                guard case .made(_, let file, let quality, _) = $0 else {
                    throw Refusal(.crashed, "\($0)")
                }
                return try Finished(studio.output, file, .png, quality)
            }
            #expect(made[1].shows([100, 180, 100], at: 20, 20, within: 2), "\(made[1][20, 20])")
            #expect(!made[0].shows([100, 180, 100], at: 20, 20, within: 8), "\(made[0][20, 20])")
        }
    }
}
