// A picture with a line along its edges: what is inside it, as a picture of its own and as a part of the whole.

extension PictureMeasurement {
    /// What was measured inside a line, as a part of the whole picture.
    package mutating func place(in inner: Box, of whole: PixelSize) {
        move(by: Point(x: inner.left, y: inner.top))
        size = whole
        framed = inner
    }

    /// What is inside the line, as a picture of its own.
    package func inside(_ inner: Box) -> PictureMeasurement {
        var inside = self
        inside.move(by: Point(x: -inner.left, y: -inner.top))
        inside.size = inner.size
        inside.framed = nil
        return inside
    }

    private mutating func move(by way: Point) {
        product = product?.moved(by: way)
        extent = extent?.moved(by: way)
        enclosed = enclosed?.map { $0.moved(by: way) }
        touches = touches?.map { Point(x: $0.x + way.x, y: $0.y + way.y) }
        background.at = Point(x: background.at.x + way.x, y: background.at.y + way.y)
        crossings = crossings?.map { crossing in
            var moved = crossing
            moved.from += crossing.edge.isLevel ? way.x : way.y
            moved.to += crossing.edge.isLevel ? way.x : way.y
            return moved
        }
    }
}

extension Focus {
    /// A spot of the whole picture as one of what is inside the line.
    func inside(_ inner: Box, of whole: PixelSize) -> Focus {
        func share(_ spot: Double, _ whole: Int, _ start: Int, _ length: Int) -> Double {
            min(max((spot * Double(whole) - Double(start)) / Double(length), 0), 1)
        }
        return Focus(
            x: share(x, whole.width, inner.left, inner.width),
            y: share(y, whole.height, inner.top, inner.height))
    }
}

extension Box {
    package func moved(by way: Point) -> Box {
        Box(left: left + way.x, top: top + way.y, width: width, height: height)
    }
}

extension Frame {
    /// Two pixels along each edge of the shown picture that lies inside the frame.
    package var seams: [Box] {
        guard let shown else { return [] }
        let thick = 2
        let (right, bottom) = (shown.right - thick, shown.bottom - thick)
        var strips: [Box] = []
        if shown.top > 0 {
            strips.append(Box(left: shown.left, top: shown.top, width: shown.width, height: thick))
        }
        if shown.bottom < size.height {
            strips.append(Box(left: shown.left, top: bottom, width: shown.width, height: thick))
        }
        if shown.left > 0 {
            strips.append(Box(left: shown.left, top: shown.top, width: thick, height: shown.height))
        }
        if shown.right < size.width {
            strips.append(Box(left: right, top: shown.top, width: thick, height: shown.height))
        }
        return strips
    }

    /// A frame that was chosen for the inside of a line, as one of the whole picture: nothing outside of the
    /// inside is shown.
    package func around(_ inner: Box, of whole: PixelSize) -> Frame {
        let shares = picture.shares(of: inner.size)
        var frame = Frame(
            size: size,
            picture: PixelSize(
                width: max(1, pixels(Double(whole.width) * shares.width)),
                height: max(1, pixels(Double(whole.height) * shares.height))),
            origin: Point(
                x: origin.x - pixels(Double(inner.left) * shares.width),
                y: origin.y - pixels(Double(inner.top) * shares.height)))
        frame.window = Box(
            left: origin.x, top: origin.y, width: picture.width, height: picture.height)
        return frame
    }
}
