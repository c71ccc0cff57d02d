import Model

/// A decoded master and its halves, each made when it is first asked for: what many sizes of one
/// picture are scaled from.
final class Pyramid {
    private let longSide: Double
    private var levels: [Picture]

    /// - Parameters:
    ///   - source: the master, decoded, perhaps smaller than it is.
    ///   - size: of the whole master.
    init(_ source: Picture, of size: PixelSize) {
        longSide = Double(size.longSide)
        levels = [source]
    }

    /// The smallest level that leaves more than a factor of two to the better filter, which is what
    /// keeps averaged blocks from being seen.
    /// - Parameter reduction: how many times smaller than the master the picture becomes.
    func level(for reduction: Double) throws(Refusal) -> Picture {
        var number = 0
        while reduction > 4 * longSide / Double(try level(number).size.longSide) { number += 1 }
        return try level(number)
    }

    /// The largest level whose long side is shorter than that; there always is one.
    func small(below longSide: Int) throws(Refusal) -> Picture {
        var number = 0
        while try level(number).size.longSide >= longSide { number += 1 }
        return try level(number)
    }

    private func level(_ number: Int) throws(Refusal) -> Picture {
        while levels.count <= number { levels.append(try levels[levels.count - 1].shrunk(by: 2)) }
        return levels[number]
    }
}
