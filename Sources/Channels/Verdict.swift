package import Foundation
package import Model

extension Profile {
    /// What is wrong with an encoded file, from its stored measurements; empty: compliant. What was
    /// demanded and not measured counts as wrong.
    /// - Parameter rendition: its name; an unknown one is refused.
    package func verdict(on receipt: Receipt, rendition name: String, at now: Date) -> [Gate] {
        guard let rendition = renditions[name] else {
            let message = "the profile has no rendition '\(name)'"
            return [Gate(.compliance, message, turn: "ops")]
        }
        let measured = Measured(size: receipt.size, bytes: receipt.bytes)
        return rendition.verdict(on: receipt)
            + rules(at: now).filter { $0.of == .rendition }
            .flatMap { $0.gates(.compliance, on: measured) }
    }
}

extension Profile.Rendition {
    fileprivate func verdict(on receipt: Receipt) -> [Gate] {
        [
            format(receipt), dimensions(receipt), color(receipt), alpha(receipt), weight(receipt),
            border(receipt),
        ].compactMap { $0 }
    }

    private func format(_ receipt: Receipt) -> Gate? {
        guard receipt.format != recipe.format else { return nil }
        return gate(
            "format", "is \(receipt.format.rawValue), not \(recipe.format.rawValue)", "sluice")
    }

    private func dimensions(_ receipt: Receipt) -> Gate? {
        let (size, low, high) = (receipt.size, recipe.size.min, recipe.size.max)
        guard size.width <= high.width, size.height <= high.height else {
            return gate("size", "is \(size), larger than \(high)", "sluice")
        }
        // Without a frame the picture keeps its proportions: a wide one that touches the largest
        // frame is as large as it can be.
        let fits =
            recipe.fit == .inside
            ? size.longSide >= low.longSide || size.width == high.width
                || size.height == high.height
            : size.width >= low.width && size.height >= low.height
        return fits ? nil : gate("size", "is \(size), smaller than \(low)", "studio")
    }

    private func color(_ receipt: Receipt) -> Gate? {
        guard !["srgb", "b-w"].contains(receipt.space) else { return nil }
        return gate("color", "is \(receipt.space), not srgb", "sluice")
    }

    private func alpha(_ receipt: Receipt) -> Gate? {
        guard recipe.format == .jpeg else { return nil }
        guard receipt.hasAlpha || ![1, 3].contains(receipt.bands) else { return nil }
        return gate("format", "has \(receipt.bands) bands; a jpeg has 1 or 3", "sluice")
    }

    private func weight(_ receipt: Receipt) -> Gate? {
        guard let most = recipe.maxBytes, receipt.bytes > most else { return nil }
        return gate("max_bytes", "has \(receipt.bytes) bytes; at most \(most) are allowed", "ops")
    }

    private func border(_ receipt: Receipt) -> Gate? {
        guard let ring else { return nil }
        let wanted = recipe.background.map(\.description) ?? "the background"
        guard let measured = receipt.rings.first(where: { abs($0.share - ring.share) < 1e-9 })
        else { return gate("background.ring", "its border was not measured", "sluice") }
        guard measured.worst > ring.tolerance else { return nil }
        return gate(
            "background.ring",
            "the border is not \(wanted): \(measured.color) at \(measured.at), "
                + "\(measured.worst) away; at most \(ring.tolerance) is allowed", "studio")
    }

    /// - Parameter key: of the demanding line.
    private func gate(_ key: String, _ message: String, _ turn: String) -> Gate {
        Gate(.compliance, message, place: places[key] ?? place, turn: turn)
    }
}

/// What rules are asked about.
struct Measured {
    var size: PixelSize
    /// Nil where no file has been made yet; rules on bytes are not asked then.
    var bytes: Int64?
}

extension Rule {
    func gates(_ kind: Gate.Kind, on measured: Measured) -> [Gate] {
        let size = measured.size
        var gates: [Gate] = []
        func demand(_ key: String, _ isMet: Bool, _ message: @autoclosure () -> String) {
            if isMet { return }
            gates.append(
                Gate(
                    kind, "\(message()) (\(source))", place: places[key] ?? place, rule: id,
                    turn: "studio"))
        }
        if let minSide {
            demand(
                "min_side", size.shortSide >= minSide,
                "is \(size); the shorter side must have at least \(minSide) pixels")
        }
        if let maxSide {
            demand(
                "max_side", size.longSide <= maxSide,
                "is \(size); the longer side may have at most \(maxSide) pixels")
        }
        if let maxPixels {
            demand(
                "max_pixels", size.width * size.height <= maxPixels,
                "has \(size.width * size.height) pixels; at most \(maxPixels) are allowed")
        }
        if let maxBytes, let bytes = measured.bytes {
            demand(
                "max_bytes", bytes <= maxBytes,
                "has \(bytes) bytes; at most \(maxBytes) are allowed")
        }
        return gates
    }
}
