/// What a channel makes of a picture before it keeps it, as far as its profile says.
package struct Transformation: Hashable, Codable, Sendable {
    /// Bytes: more than this is not read of what a channel has made.
    package static let most: Int64 = 64 << 20

    /// It is made smaller until it fits in, and keeps its proportions; nil: some size.
    package var within: PixelSize?
    /// Nil: some format.
    package var format: ImageFormat?

    package init(within: PixelSize? = nil, format: ImageFormat? = nil) {
        self.within = within
        self.format = format
    }

    /// There is something to compare.
    package var isSaid: Bool { self != Transformation() }

    /// What is not as it should be of what the channel has; nil: nothing, as far as can be told.
    /// - Parameter sent: nil where that is not known any more.
    package func fault(in found: PictureHead, of sent: PixelSize?) -> String? {
        if let format, found.format != format {
            return "it is \(found.format.rawValue), where 'transforms' says \(format.rawValue)"
        }
        guard let within, let size = found.size, let sent, sent.width > 0, sent.height > 0
        else { return nil }
        let shares = within.shares(of: sent)
        let expected = sent.scaled(by: min(shares.width, shares.height, 1))
        // One rounds, another cuts off.
        guard abs(size.width - expected.width) > 1 || abs(size.height - expected.height) > 1
        else { return nil }
        return "it is \(size), where 'transforms' makes \(expected) of \(sent)"
    }
}
