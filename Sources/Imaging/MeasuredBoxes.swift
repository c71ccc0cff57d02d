import CPixels
import Model

// Boxes and points that were found in a copy, as those of the whole picture.

extension Box {
    init?(_ box: sluice_box) {
        guard box.right > box.left, box.bottom > box.top else { return nil }
        self.init(
            left: Int(box.left), top: Int(box.top), width: Int(box.right - box.left),
            height: Int(box.bottom - box.top))
    }

    func covers(_ other: Box, margin: Int) -> Bool {
        other.left >= left - margin && other.top >= top - margin
            && other.right <= right + margin && other.bottom <= bottom + margin
    }

    /// `12 % x 9 %`
    func share(of whole: PixelSize) -> String {
        func percent(_ part: Int, _ whole: Int) -> String {
            "\((100 * part + whole - 1) / whole) %"
        }
        return "\(percent(width, whole.width)) x \(percent(height, whole.height))"
    }

    func edges(in size: PixelSize) -> [PictureMeasurement.Edge] {
        var edges: [PictureMeasurement.Edge] = []
        if top <= 0 { edges.append(.top) }
        if right >= size.width { edges.append(.right) }
        if bottom >= size.height { edges.append(.bottom) }
        if left <= 0 { edges.append(.left) }
        return edges
    }

    func reaching(
        _ edges: Set<PictureMeasurement.Edge>, in size: PixelSize
    ) -> Box {
        let left = edges.contains(.left) ? 0 : left
        let top = edges.contains(.top) ? 0 : top
        let right = edges.contains(.right) ? size.width : right
        let bottom = edges.contains(.bottom) ? size.height : bottom
        return Box(left: left, top: top, width: right - left, height: bottom - top)
    }

    func inset(by pixels: Int) -> Box {
        Box(
            left: left + pixels, top: top + pixels, width: max(1, width - 2 * pixels),
            height: max(1, height - 2 * pixels))
    }

    /// Inward, to whole pixels of a picture that is so much larger.
    func scaledInward(by factor: Double, in size: PixelSize) -> Box {
        let left = min(Int((Double(left) * factor).rounded(.up)), size.width - 1)
        let top = min(Int((Double(top) * factor).rounded(.up)), size.height - 1)
        return Box(
            left: left, top: top,
            width: max(1, min(size.width, Int(Double(right) * factor)) - left),
            height: max(1, min(size.height, Int(Double(bottom) * factor)) - top))
    }

    /// Outward, to whole pixels of a picture that is so much larger.
    func scaled(by factor: Double, in size: PixelSize) -> Box {
        let left = min(max(0, Int((Double(left) * factor).rounded(.down))), size.width - 1)
        let top = min(max(0, Int((Double(top) * factor).rounded(.down))), size.height - 1)
        let right = min(size.width, Int((Double(right) * factor).rounded(.up)))
        let bottom = min(size.height, Int((Double(bottom) * factor).rounded(.up)))
        return Box(
            left: left, top: top, width: max(1, right - left), height: max(1, bottom - top))
    }
}

extension Point {
    /// The first pixel of those it stands for in a picture that is so much larger.
    func scaled(by factor: Double, in size: PixelSize) -> Point {
        Point(
            x: min(size.width - 1, Int(Double(x) * factor)),
            y: min(size.height - 1, Int(Double(y) * factor)))
    }
}
