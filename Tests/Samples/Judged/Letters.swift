/// Letters of straight strokes, as much as a shop's banners need: 4 wide, 6 high.
enum Letters {
    private static let strokes: [Character: [[(Float, Float)]]] = [
        "S": [[(4, 1), (3, 0), (1, 0), (0, 1), (0, 2), (4, 4), (4, 5), (3, 6), (1, 6), (0, 5)]],
        "A": [[(0, 6), (2, 0), (4, 6)], [(1, 4), (3, 4)]],
        "L": [[(0, 0), (0, 6), (4, 6)]],
        "E": [[(4, 0), (0, 0), (0, 6), (4, 6)], [(0, 3), (3, 3)]],
        "N": [[(0, 6), (0, 0), (4, 6), (4, 0)]],
        "W": [[(0, 0), (1, 6), (2, 2), (3, 6), (4, 0)]],
        "H": [[(0, 0), (0, 6)], [(4, 0), (4, 6)], [(0, 3), (4, 3)]],
        "O": [[(1, 0), (3, 0), (4, 1), (4, 5), (3, 6), (1, 6), (0, 5), (0, 1), (1, 0)]],
        "P": [[(0, 6), (0, 0), (3, 0), (4, 1), (4, 2), (3, 3), (0, 3)]],
        "D": [[(0, 0), (3, 0), (4, 1), (4, 5), (3, 6), (0, 6), (0, 0)]],
        "M": [[(0, 6), (0, 0), (2, 3), (4, 0), (4, 6)]],
        "5": [[(4, 0), (0, 0), (0, 3), (3, 2.5), (4, 3.5), (4, 5), (3, 6), (0, 6)]],
        "0": [[(1, 0), (3, 0), (4, 1), (4, 5), (3, 6), (1, 6), (0, 5), (0, 1), (1, 0)]],
        "-": [[(0.5, 3), (3.5, 3)]],
        "%": [
            [(4, 0), (0, 6)], [(0, 0), (1, 0), (1, 1.5), (0, 1.5), (0, 0)],
            [(3, 4.5), (4, 4.5), (4, 6), (3, 6), (3, 4.5)],
        ],
    ]

    /// - Parameter height: of a letter; `at` is the upper left corner of the first.
    static func lines(_ text: String, at: Point, height: Float, turn: Float = 0) -> [[Point]] {
        let scale = height / 6
        return text.enumerated().flatMap { number, letter in
            (strokes[letter] ?? []).map { stroke in
                stroke.map { x, y in
                    at + Outline.rotated(Point((x + 5.6 * Float(number)) * scale, y * scale), turn)
                }
            }
        }
    }
}
