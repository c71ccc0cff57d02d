import CPixels
import Model

/// What a picture's border says of its background.
struct Backdrop {
    private enum Limit {
        /// Share of the ring that must be one colour for a plain background; the rest may be the
        /// product that touches the edge.
        static let plain = 0.75
        /// The same where nothing touches the edge.
        static let one = 0.99
        /// Share of the ring without edges for a sweep or a vignette.
        static let smooth = 0.97
        /// A product that touches the edge begins with a larger step than that.
        static let steepest: Int32 = 40
        /// Share of the ring that has to be bright and neutral before a wall is looked for.
        static let pale = 0.1
        /// Pyramid that a wall may fall off and count as one colour when the product is sought.
        static let level = 2
    }

    let ring: sluice_ring
    /// Nil where there is no studio's wall, or where no more is to be known of it.
    let parting: Parting?
    let kind: PictureMeasurement.Background.Kind

    /// - Parameter isFinished: one of ours: what is seen through the product is known of its master.
    init(_ raster: sluice_raster, isFinished: Bool) throws(Refusal) {
        var raster = raster
        let depth = Int32(max(1, (min(raster.width, raster.height) + 99) / 100))
        var ring = sluice_ring()
        sluice_measure_ring(&raster, depth, nil, &ring)
        if let plain = Self.plain(ring, hasAlpha: raster.alpha >= 0) {
            let parting = plain == .pure && !isFinished ? try Parting(raster) : nil
            (self.ring, kind) = (ring, plain)
            self.parting = parting.flatMap { $0.isWall ? $0 : nil }
            return
        }
        guard raster.alpha < 0, ring.pale >= Limit.pale, let parting = try Parting(raster) else {
            (self.ring, kind, parting) = (ring, Self.kind(of: ring), nil)
            return
        }
        guard parting.isWall else {
            // Bright, neutral and smooth in parts, and something else all over; but one of ours may be trimmed
            // to its product.
            (self.ring, kind, self.parting) = (ring, isFinished ? Self.kind(of: ring) : .scene, nil)
            return
        }
        parting.withBackdrop { sluice_measure_ring(&raster, depth, $0, &ring) }
        guard ring.worst.distance >= 0 else {
            // The product is all along the border.
            sluice_measure_ring(&raster, depth, nil, &ring)
            (self.ring, kind, self.parting) = (ring, .scene, nil)
            return
        }
        self.ring = ring
        self.parting = parting
        kind = Self.kind(of: ring, before: parting)
    }

    private init(_ plain: Backdrop, _ parting: Parting) {
        (ring, kind, self.parting) = (plain.ring, plain.kind, parting)
    }

    /// The same with what parting the picture tells of shadows; nil where that is known already, or nothing.
    func closer(_ raster: sluice_raster) throws(Refusal) -> Backdrop? {
        guard parting == nil, kind == .pure, raster.alpha < 0, let found = try Parting(raster),
            found.isWall
        else { return nil }
        return Backdrop(self, found)
    }

    /// What needs no second look.
    private static func plain(
        _ ring: sluice_ring, hasAlpha: Bool
    ) -> PictureMeasurement.Background.Kind? {
        if hasAlpha, ring.clear >= Limit.plain { return .transparent }
        return ring.worst.distance == 0 ? .pure : nil
    }

    private static func kind(of ring: sluice_ring) -> PictureMeasurement.Background.Kind {
        let isSmooth = ring.smooth >= Limit.smooth && ring.steepest <= Limit.steepest
        if ring.near >= (isSmooth ? Limit.one : Limit.plain) { return .near }
        return isSmooth ? .uneven : .scene
    }

    private static func kind(
        of ring: sluice_ring, before wall: Parting
    ) -> PictureMeasurement.Background.Kind {
        if ring.worst.distance <= 0 { return .pure }
        return wall.isFlat && ring.near >= Limit.plain ? .near : .shaded
    }

    /// The product is sought against a surface, not against one colour.
    var isSlope: Bool { (parting?.fall ?? 0) > Limit.level }

    /// Boxes of what lies on it, in a copy of the picture that is so many times smaller.
    func find(
        in copy: sluice_raster, _ ring: sluice_ring, shrunkBy factor: Int
    ) throws(Refusal) -> sluice_finding {
        var (copy, ring, finding) = (copy, ring, sluice_finding())
        let manner: sluice_manner =
            switch kind {
            case .transparent: sluice_by_alpha
            case .uneven: sluice_on_uneven
            default: isSlope ? sluice_before_field : sluice_on_plain
            }
        let result =
            parting?.withBackdrop(shrunkBy: factor) {
                sluice_find(&copy, &ring, $0, manner, &finding)
            } ?? sluice_find(&copy, &ring, nil, manner, &finding)
        try result.check("to measure the picture")
        return finding
    }

    /// The ring of a copy of the picture that is so many times smaller.
    func ring(of copy: sluice_raster, depth: Int, shrunkBy factor: Int) -> sluice_ring {
        var copy = copy
        var ring = sluice_ring()
        guard let parting else {
            sluice_measure_ring(&copy, Int32(depth), nil, &ring)
            return ring
        }
        parting.withBackdrop(shrunkBy: factor) {
            sluice_measure_ring(&copy, Int32(depth), $0, &ring)
        }
        return ring
    }
}
