import CLCMS
import Foundation
import PictureSupport
import Testing

@testable import Imaging

extension Pictures {
    /// Profiles are foreign bytes: whatever they are, colours or no colours, never a trap.
    @Suite("Colour profiles, broken")
    struct ColorProfileFuzzTests {
        @Test("mutated and cut", arguments: ["srgb", "p3", "cmyk"])
        func mutated(name: String) throws {
            _ = try ImageLibrary.start()
            let whole = try Drawing.profile(name)
            let bands = name == "cmyk" ? 4 : 3
            let means = [Float](repeating: 100, count: bands * 4)
            let right = try #require(LabTransform(whole)?.lab(of: means, bands: bands))
            #expect(right.count == 4 && (20...80).contains(right[0].L))
            var dice = Dice(seed: 5)
            var (opened, used) = (0, 0)
            for _ in 0..<400 {
                // The header has 128 bytes, and most of what can go wrong is in the table behind it.
                let broken = dice.broken(whole.prefix(dice.next(2) == 0 ? 2_000 : whole.count))
                let profile = ColorProfile(broken)
                #expect(profile.name.count <= 100)
                guard profile.isGenuine else { continue }
                opened += 1
                guard let found = LabTransform(broken)?.lab(of: means, bands: bands) else {
                    continue
                }
                used += 1
                #expect(found.count == 4)
            }
            #expect(opened > 100 && used > 20 && opened < 400, "\(opened), \(used)")
        }

        @Test("grey stands for all three, and too few channels for none")
        func channels() throws {
            _ = try ImageLibrary.start()
            let grey = try #require(LabTransform()?.lab(of: [0, 255], bands: 1))
            #expect(grey[0].L < 0.1 && abs(grey[1].L - 100) < 0.1 && abs(grey[1].a) < 0.1)
            #expect(try LabTransform(Drawing.profile("cmyk"))?.lab(of: [1, 2, 3], bands: 3) == nil)
            #expect(LabTransform(Data("no profile".utf8)) == nil)
            #expect(LabTransform(Data()) == nil)
        }
    }
}
