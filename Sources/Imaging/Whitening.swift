private import CPixels
import Model

extension Picture {
    /// Its background, where that is within the bound and connected to the edge, made exactly
    /// `color`; CPixels' whiten.c and light.c say how.
    /// - Parameters:
    ///   - parting: of the picture that was put into the frame; nil: there is no wall behind it.
    ///   - place: where that picture lies in the frame, cut off or not.
    /// - Throws: `touched` where the product would change.
    func whitened(
        _ whitening: Whitening?, to color: Color?, before parting: Parting?, at place: Box
    ) throws(Refusal) -> Picture {
        guard let whitening, let color, whitening.bound > 0 else { return self }
        guard bands == 3, whitening.bound <= Whitening.most else {
            throw Refusal(
                .unsupported,
                "'whiten: \(whitening.bound)' is no bound: use 1 to \(Whitening.most), or 0 for none"
            )
        }
        let smooth = parting == nil ? nil : whitening.smooth
        var wanted = sluice_whitening(
            color: (color.red, color.green, color.blue), bound: UInt8(whitening.bound),
            removes_shadow: whitening.shadow == .remove)
        // Without a wall to divide by nothing tells a pale product from what is nearly white.
        if smooth == nil, whitening.smooth != nil { wanted.bound = UInt8(min(whitening.bound, 8)) }
        if smooth != nil, let parting {
            wanted.bound = UInt8(min(whitening.bound, max(8, parting.tolerance + 3)))
        }
        var touched: Float = 0
        let picture = try painted(bands: 3) { from, to in
            to.bytes.update(from: from.bytes, count: 3 * size.width * size.height)
            guard let parting else {
                return sluice_whiten(&to, wanted, nil)
            }
            return parting.withBackdrop { behind in
                var light = sluice_lighting(
                    behind: behind, left: Float(place.left), top: Float(place.top),
                    width: Float(place.width), height: Float(place.height),
                    fall: smooth == nil ? 0 : Int32(whitening.bound),
                    marks: smooth?.marks == true ? Int32(whitening.smooth?.touch ?? 0) + 1 : 0,
                    touched: 0)
                defer { touched = light.touched }
                return sluice_whiten(&to, wanted, &light)
            }
        }
        if let smooth, smooth.marks != true, touched > Float(smooth.touch) + 0.5 {
            throw whitening.touches(touched)
        }
        return picture
    }
}

extension Whitening {
    fileprivate func touches(_ levels: Float) -> Refusal {
        Refusal(
            .touched,
            "making the background white would change pale parts of the product by"
                + " \(Int(levels.rounded())) levels ('whiten: {touch: \(smooth?.touch ?? 0)}' allows no more):"
                + " deliver it cut out, or on a background that differs more from it")
    }
}
