import Foundation
import Model
import Profiles
import Testing

@Suite struct FuzzTests {
    /// Whatever happens to a file, the loader answers; and what it takes, `want` and the tests can
    /// work with. Seeded, so a failure repeats.
    @Test func aDamagedProfileIsAnswered() throws {
        let texts = try Samples.shipped().values.sorted().map { Array($0.utf8) }
        let lines = texts.flatMap { $0.split(separator: 0x0A) }
        var random = Seeded(42)
        var loaded = 0
        for round in 0..<2000 {
            var bytes = texts[round % texts.count]
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                damage(&bytes, lines, &random)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            switch Loader.load(text: text, file: "f.yaml", vocabulary: .sample) {
            case .success(let profile):
                loaded += 1
                _ = profile.runTests(at: Shop.now)
                _ = profile.want(Shop.randomState(&random), at: Shop.now)
            case .failure(let problems):
                #expect(!problems.all.isEmpty, "\(text)")
                #expect(problems.all.allSatisfy { $0.place.line >= 1 && $0.place.column >= 1 })
            }
        }
        #expect(loaded > 20)
    }

    private func damage(
        _ bytes: inout [UInt8], _ lines: [ArraySlice<UInt8>], _ random: inout Seeded
    ) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        let signs = Array("{}[]:,#&*!|>'\"%@-? \n\t09azAZ".utf8) + [0, 0xC3, 0xFF, 0xE2]
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[at] = signs[Int.random(in: 0..<signs.count, using: &random)]
        case 1: bytes.insert(signs[Int.random(in: 0..<signs.count, using: &random)], at: at)
        case 2: bytes.remove(at: at)
        case 3: bytes.removeSubrange(at..<min(bytes.count, at + 20))
        case 4: bytes.insert(contentsOf: lines[at % lines.count] + [0x0A], at: at)
        default:
            let line = bytes[at...].firstIndex(of: 0x0A) ?? at
            bytes.insert(contentsOf: [0x0A] + lines[at % lines.count], at: line)
        }
        if bytes.isEmpty { bytes = [0x0A] }
    }
}
