import Foundation

/// Makes a photograph of what was drawn: a lens that is a little soft, and a sensor with one colour at
/// each place, whose noise is therefore blotchy in colour after the colours between were guessed.
struct Camera: Sendable {
    /// Standard deviation of the noise in levels, in the middle tones.
    var grain: Float = 2.5
    /// Standard deviation of the lens' blur in pixels.
    var softness: Float = 0.6
    /// How much cameras overdo edges to hide that: a bright and a dark seam along each.
    var sharpening: Float = 0
    var seed = 1

    /// Levels of sRGB, above 255 where the sensor is saturated; rows of three.
    typealias Levels = [Float]

    /// - Parameter wall: what stands behind where the drawing is transparent.
    func photograph(_ canvas: Canvas, before wall: Wall = .white) throws -> Picture {
        var levels = softened(canvas.levels(before: wall), canvas.width, softness)
        if sharpening > 0 {
            let wide = softened(levels, canvas.width, 1.2)
            for index in levels.indices {
                // What is saturated stays so.
                let most = max(levels[index], 255)
                let sharp = levels[index] + sharpening * (levels[index] - wide[index])
                levels[index] = min(sharp, most)
            }
        }
        return try Picture(
            exposed(levels, canvas.width), width: canvas.width, height: canvas.height, bands: 3)
    }

    /// Without a wall.
    func cutOut(_ canvas: Canvas) throws -> Picture {
        var bytes = canvas.bytes(alpha: true)
        let opaque = (0..<bytes.count / 4 * 3).map { Float(bytes[$0 / 3 * 4 + $0 % 3]) }
        for (index, level) in exposed(opaque, canvas.width).enumerated() {
            bytes[index / 3 * 4 + index % 3] = level
        }
        return try Picture(bytes, width: canvas.width, height: canvas.height, bands: 4)
    }

    /// What the sensor makes of light; saturated places have no noise.
    private func exposed(_ levels: Levels, _ width: Int) -> [UInt8] {
        var dice = Dice(seed)
        let (right, down) = (Int(dice.next() & 1022), Int(dice.next() & 1022))
        return [UInt8](unsafeUninitializedCapacity: levels.count) { out, count in
            count = levels.count
            Self.tile.withUnsafeBufferPointer { tile in
                for index in 0..<levels.count / 3 {
                    let noise = Self.noise(tile, index % width + right, index / width + down)
                    for band in 0..<3 {
                        let level = levels[3 * index + band]
                        // The tone curve flattens the lights, and lifts what the darks hide.
                        let share = clamp(level / 255)
                        let sigma = grain * (1.15 - 0.5 * share * share * share)
                        out[3 * index + band] = UInt8(
                            clamp(level + sigma * noise[band], 0, 255) + 0.5)
                    }
                }
            }
        }
    }

    /// Noise of the sites, sigma 1; 1024 by 1024.
    private static let tile: [Float] = {
        var dice = Dice(77)
        return (0..<1 << 20).map { _ in
            let radius = (-2 * logf(max(dice.between(0, 1), 1e-7))).squareRoot()
            return radius * cosf(2 * .pi * dice.between(0, 1))
        }
    }()

    /// Of red, green and blue at a pixel: its own site's colour, the others from their neighbours,
    /// then white balance and the matrix of a camera.
    private static func noise(
        _ tile: UnsafeBufferPointer<Float>, _ x: Int, _ y: Int
    ) -> Light {
        func site(_ right: Int, _ down: Int) -> Float {
            tile[((y + down) & 1023) << 10 | (x + right) & 1023]
        }
        let own = site(0, 0)
        let across = (site(-1, 0) + site(1, 0)) / 2
        let along = (site(0, -1) + site(0, 1)) / 2
        let raw: Light
        if (x ^ y) & 1 == 1 {
            raw = y & 1 == 0 ? Light(across, own, along) : Light(along, own, across)
        } else {
            let corners = (site(-1, -1) + site(1, -1) + site(-1, 1) + site(1, 1)) / 4
            let cross = (across + along) / 2
            raw = y & 1 == 0 ? Light(own, cross, corners) : Light(corners, cross, own)
        }
        return Light(
            1.5 * raw.x - 0.4 * raw.y - 0.1 * raw.z, -0.2 * raw.x + 1.4 * raw.y - 0.2 * raw.z,
            -0.5 * raw.y + 1.6 * raw.z)
    }

    private func softened(_ levels: Levels, _ width: Int, _ softness: Float) -> Levels {
        let side = expf(-0.5 / max(softness * softness, 1e-3))
        let outer = expf(-2 / max(softness * softness, 1e-3))
        let sum = 1 + 2 * side + 2 * outer
        let weights = [outer, side, 1, side, outer].map { $0 / sum }
        let rows = levels.count / 3 / width
        func pass(_ from: Levels, _ step: Int, _ count: Int, _ place: (Int) -> Int) -> Levels {
            Levels(unsafeUninitializedCapacity: from.count) { out, filled in
                filled = from.count
                from.withUnsafeBufferPointer { from in
                    for index in 0..<from.count {
                        let at = place(index)
                        var value: Float = 0
                        for offset in -2...2 {
                            let away = min(max(at + offset, 0), count - 1) - at
                            value += weights[offset + 2] * from[index + away * step]
                        }
                        out[index] = value
                    }
                }
            }
        }
        let wide = pass(levels, 3, width) { $0 / 3 % width }
        return pass(wide, 3 * width, rows) { $0 / 3 / width }
    }
}

extension Canvas {
    /// As a camera without faults would see it.
    func levels(before wall: Wall) -> Camera.Levels {
        let size = Point(Float(width), Float(height))
        return Camera.Levels(unsafeUninitializedCapacity: pixels.count * 3) { out, count in
            count = pixels.count * 3
            for (index, pixel) in pixels.enumerated() {
                var light = Light(pixel.x, pixel.y, pixel.z)
                if pixel.w < 1 {
                    let at = Point(Float(index % width), Float(index / width)) / size
                    let lit = shadows.isEmpty ? 1 : 1 - shadows[index]
                    light += wall.light(at) * ((1 - pixel.w) * lit)
                }
                for band in 0..<3 {
                    out[3 * index + band] = 255 * powf(max(light[band], 0), 1 / 2.2)
                }
            }
        }
    }
}
