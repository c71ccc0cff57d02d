// Sizes and places in pixels; (0, 0) is the upper left corner.

package struct PixelSize: Hashable, Codable, Sendable, CustomStringConvertible {
    package var width: Int
    package var height: Int

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    package var longSide: Int { max(width, height) }
    package var shortSide: Int { min(width, height) }
    package var description: String { "\(width)x\(height)" }
}

/// Frame sizes a rendition may have; both ends included. The frame shrinks from `max` towards
/// `min` before anything would be enlarged.
package struct SizeRange: Hashable, Codable, Sendable {
    package var min: PixelSize
    package var max: PixelSize

    package init(min: PixelSize, max: PixelSize) {
        self.min = min
        self.max = max
    }
}

package struct Point: Hashable, Codable, Sendable, CustomStringConvertible {
    package var x: Int
    package var y: Int

    package init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }

    package var description: String { "(\(x), \(y))" }
}

/// A rectangle of whole pixels.
package struct Box: Hashable, Codable, Sendable, CustomStringConvertible {
    package var left: Int
    package var top: Int
    package var width: Int
    package var height: Int

    package init(left: Int, top: Int, width: Int, height: Int) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    package init(_ size: PixelSize) {
        self.init(left: 0, top: 0, width: size.width, height: size.height)
    }

    /// The first column and row after it.
    package var right: Int { left + width }
    package var bottom: Int { top + height }
    package var size: PixelSize { PixelSize(width: width, height: height) }
    package var description: String { "\(width)x\(height) at (\(left), \(top))" }

    /// What both have; nil where they do not meet.
    package func cut(to other: Box) -> Box? {
        let (right, bottom) = (end(left, width), end(top, height))
        let (otherRight, otherBottom) =
            (other.end(other.left, other.width), other.end(other.top, other.height))
        let (left, top) = (Swift.max(left, other.left), Swift.max(top, other.top))
        let (least, lowest) = (Swift.min(right, otherRight), Swift.min(bottom, otherBottom))
        guard left < least, top < lowest else { return nil }
        return Box(left: left, top: top, width: least - left, height: lowest - top)
    }

    /// Boxes come from workers, too: sums saturate.
    private func end(_ start: Int, _ length: Int) -> Int {
        let (sum, overflow) = start.addingReportingOverflow(length)
        return overflow ? (start < 0 ? Int.min : Int.max) : sum
    }
}

/// Distances from the edges of a frame, in pixels of the largest frame; they shrink with it.
package struct Insets: Hashable, Codable, Sendable {
    package var top: Int
    package var right: Int
    package var bottom: Int
    package var left: Int

    package init(top: Int = 0, right: Int = 0, bottom: Int = 0, left: Int = 0) {
        self.top = top
        self.right = right
        self.bottom = bottom
        self.left = left
    }
}

/// The spot of a picture that matters most, in shares of its width and height: 0 to 1.
package struct Focus: Hashable, Codable, Sendable {
    package var x: Double
    package var y: Double

    package init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}
