import Foundation

/// Thousands of tiny masters with sidecars, for tests of scale. Every file has pixels of its own.
enum Many {
    struct Plan: Sendable {
        var skus = 300
        var views = 12
        var seasons = 4
        /// Pixels a side.
        var size = 64
    }

    private static let names = ["front", "back", "left", "right"]

    /// `front`, `back`, `left`, `right`, `detail-1`, `detail-2` ...
    private static func view(_ number: Int) -> String {
        number < names.count ? names[number] : "detail-\(number - names.count + 1)"
    }

    /// `2024-01`, `2024-04`, `2024-07` ...: quarters.
    private static func season(_ number: Int) -> String {
        let month = number % 4 * 3 + 1
        return "\(2024 + number / 4)-\(month < 10 ? "0" : "")\(month)"
    }

    static func sku(_ number: Int) -> String {
        "SKU" + String(String(100_000 + number + 1).dropFirst())
    }

    static func draw(_ plan: Plan, into directory: String) throws {
        for number in 0..<plan.seasons {
            try Disk.makeDirectory("\(directory)/\(season(number))")
        }
        try Disk.concurrently(plan.skus) { sku in
            for season in 0..<plan.seasons {
                for view in 0..<plan.views { try draw(sku, view, season, plan.size, directory) }
            }
        }
    }

    private static func draw(
        _ sku: Int, _ view: Int, _ season: Int, _ size: Int, _ directory: String
    ) throws {
        let name = Self.sku(sku)
        let when = Self.season(season)
        let path = "\(directory)/\(when)/\(name)_\(when)_\(Self.view(view)).jpg"
        let bytes = pixels(sku, view, season, size)
        try Picture(bytes, width: size, height: size, bands: 3).write("jpegsave", path, ["Q": "80"])
        var sidecar = Sidecar(skus: [name], view: Self.view(view), season: when)
        sidecar.approval = ("maria.k", "\(when)-15T08:00:00Z", season + 1)
        try Disk.write(sidecar.text(sha256: nil), path + ".yaml")
    }

    /// A ball of the product's colour on white, with dots that spell the numbers, so that no two
    /// are alike.
    private static func pixels(_ sku: Int, _ view: Int, _ season: Int, _ size: Int) -> [UInt8] {
        let color = [sku &* 37 % 200, sku &* 61 % 200, sku &* 91 % 200]
        let code = (sku << 12) | (view << 6) | season
        var bytes = [UInt8](repeating: 255, count: size * size * 3)
        for y in 0..<size {
            for x in 0..<size {
                let (dx, dy) = (2 * x - size, 2 * y - size)
                guard dx * dx + dy * dy < size * size * 3 / 4 else { continue }
                let (column, row) = (x * 8 / size - 1, y * 8 / size - 2)
                let isDot = 0..<6 ~= column && 0..<4 ~= row
                let dot = isDot && code >> (column + row * 6) & 1 == 1 ? 55 : 0
                let light = (size - dx - dy) * 40 / size
                for band in 0..<3 {
                    bytes[(y * size + x) * 3 + band] = UInt8(
                        min(max(color[band] + dot + light - 20, 0), 255))
                }
            }
        }
        return bytes
    }
}
