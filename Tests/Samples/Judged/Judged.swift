import Foundation

/// Pictures that a person has judged: what a white channel should take once whitened, and what it should
/// hold for a person. Drawn as a shop's studio would deliver them; the same each time.
enum Judged {
    struct Kind: Sendable {
        var name: String
        var passes: Bool
        /// In a person's words.
        var why: String
        var count = 12
        /// Nothing in the pixels tells it from what a product may be; shown and not counted.
        var isBeyond = false
        var draw: @Sendable (_ number: Int, inout Dice) -> Shot

        var verdict: String { passes ? "passes" : isBeyond ? "beyond" : "held" }
    }

    static var kinds: [Kind] { studio + cropped + special + backgrounds + compositions }

    /// `pictures/NAME.jpg` or `.png`, `masks/NAME.mask.png` of those that pass, and `labels.tsv`: file,
    /// kind, verdict, why.
    static func draw(into directory: String) throws {
        for sub in ["pictures", "masks"] { try Disk.makeDirectory("\(directory)/\(sub)") }
        let all = kinds.flatMap { kind in
            // By its name, so that a new kind leaves the others as they are.
            let seed = kind.name.utf8.reduce(7) { ($0 * 31 + Int($1)) % 1_000_003 }
            return (1...kind.count).map { (kind: kind, number: $0, seed: seed * 1000 + $0) }
        }
        let names = Names(all.count)
        try Disk.concurrently(all.count) { index in
            let (kind, number, seed) = all[index]
            var dice = Dice(seed)
            let shot = kind.draw(number, &dice)
            let name = "\(kind.name)-\(number < 10 ? "0" : "")\(number)"
            try shot.write("\(directory)/pictures/\(name).\(shot.ending)")
            if kind.passes { try shot.writeMask("\(directory)/masks/\(name).mask.png") }
            names.set(index, "\(name).\(shot.ending)")
        }
        let lines = zip(names.all, all).map { name, entry in
            "\(name)\t\(entry.kind.name)\t\(entry.kind.verdict)\t"
                + "\(entry.kind.why)\n"
        }
        try Disk.write(lines.joined(), "\(directory)/labels.tsv")
    }

    // Only touched while `lock` is held.
    private final class Names: @unchecked Sendable {
        private let lock = NSLock()
        private var names: [String]

        init(_ count: Int) { names = Array(repeating: "", count: count) }

        var all: [String] { lock.withLock { names } }

        func set(_ index: Int, _ name: String) { lock.withLock { names[index] = name } }
    }

    /// A wall as shops have it: too bright above, a little grey, warm or cool at the foot.
    static func wall(_ dice: inout Dice, foot: ClosedRange<Float> = 229...245) -> Wall {
        let low = dice.between(foot.lowerBound, foot.upperBound)
        let tints = [Light(0, 0, 0), Light(4, 2.5, 0), Light(5, 3, 0), Light(0, 1.5, 4)]
        return .shaded(
            foot: dice.one(of: tints) + low, bend: dice.between(0.9, 2),
            lean: dice.between(-0.2, 0.2))
    }
}
