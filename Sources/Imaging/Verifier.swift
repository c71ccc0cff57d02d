private import CVips
private import Foundation
package import Model
package import Wire

/// Measures the finished file: decodes the very bytes that were hashed.
package struct Verifier {
    private let finished: String

    /// - Parameter finished: directory the requests' names are in.
    package init(finished: String) { self.finished = finished }

    /// - Throws: `unreadable` for what does not decode to its end, or is another format.
    package func verify(_ request: VerifyRequest) throws(Refusal) -> Receipt {
        let path = "\(finished)/\(request.file)"
        let bytes: NSData
        do {
            bytes = try NSData(contentsOfFile: path)
        } catch {
            throw Refusal(.resources, "cannot read '\(path)': \(error.localizedDescription)")
        }
        // `bytes` outlives the pictures that read from it.
        defer { withExtendedLifetime(bytes) {} }
        let memory = UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.length)
        // Not `bytes as Data`, which copies byte by byte and took a sixth of verifying.
        let file = Data(
            bytesNoCopy: UnsafeMutableRawPointer(mutating: bytes.bytes), count: bytes.length,
            deallocator: .none)
        let source = try Bytes(memory: memory, format: request.format)
        let header = try source.open(request.format)
        try HeaderGate.check(header, request.format)
        let picture = try header.inMemory()
        let plain = try picture.plain(said: source.colors)
        let reading = try Measuring.measure(plain, of: plain.size, isFinished: true)
        var receipt = Receipt(
            sha256: ContentHash.of(file), bytes: Int64(bytes.length),
            format: request.format, size: picture.size, bands: picture.bands,
            hasAlpha: try picture.isSeeThrough(), space: picture.spaceName,
            rings: try request.background.map { (color) throws(Refusal) in
                try Border(of: plain, before: reading.parting).rings(against: color)
            } ?? [],
            renderer: ImageLibrary.versions)
        receipt.measurement = reading.measurement
        // What a press prints and a screen does not show is compared as it is printed.
        let inks = header.space == VIPS_INTERPRETATION_CMYK ? header.profile : nil
        receipt.colorShift = try request.expected?.colors?.shift(
            in: inks == nil ? plain : picture.in8Bit().inMemory(), inks: inks)
        if let color = request.background, let pieces = request.expected?.enclosed {
            receipt.enclosed = try Border(of: plain, before: nil).enclosed(pieces, against: color)
        }
        if let color = request.background, let strips = request.expected?.seams {
            receipt.seam = try Border(of: plain, before: nil).seam(strips, against: color)
        }
        receipt.metadata = MetadataReader.kinds(in: header)
        receipt.isProgressive = header.isInterlaced
        receipt.density = header.density
        return receipt
    }
}

extension Picture {
    /// Some pixel of it is: a gif always has a channel for that.
    fileprivate func isSeeThrough() throws(Refusal) -> Bool {
        guard hasAlpha else { return false }
        return try bands(bands - 1..<bands).in8Bit().inMemory().withPixels { alpha in
            alpha.contains { $0 < 255 }
        }
    }

    /// As it is when it is 8-bit grey or sRGB, else converted: what loops over pixels take.
    /// - Parameter said: by the file, outside of the picture's profile.
    func plain(said: ColorStatement = .nothing) throws(Refusal) -> Picture {
        let isPlain = space == VIPS_INTERPRETATION_sRGB || space == VIPS_INTERPRETATION_B_W
        return isPlain && bytesPerBand == 1 ? self : try SRGB.convert(self, said: said).inMemory()
    }
}
