internal import DryRun
internal import Export
internal import Foundation
internal import Model
internal import Profiles
internal import Proof

/// Pictures for people where a file itself is not for showing: too large, or of a kind that
/// browsers do not know. Made by a worker, like any rendition, because nothing here decodes.
enum Preview {
    /// Longest side in pixels.
    private static let side = 1600
    /// Bytes of a rendition that are put into a page as they are.
    private static let heaviest: Int64 = 6_000_000

    static let rendition = Profile.Rendition(
        name: "preview",
        recipe: Recipe(
            size: SizeRange(
                min: PixelSize(width: 1, height: 1), max: PixelSize(width: side, height: side)),
            fit: .inside, background: nil, format: .webp, minQuality: 88, maxQuality: 88,
            maxBytes: nil),
        ring: nil, place: Place(file: "preview", line: 1, column: 1), places: [:])

    /// Why a browser would not show this file as it is; nil when it does.
    static func reason(_ receipt: Receipt) -> String? {
        if receipt.format == .tiff { return "browsers do not show TIFF" }
        if receipt.space == "cmyk" { return "browsers guess at CMYK" }
        if receipt.bytes > heaviest { return "the file has \(receipt.bytes) bytes" }
        return nil
    }

    /// - Parameter size: of what it stands for.
    static func picture(
        _ outcome: DryRun.Outcome, of size: PixelSize, because why: String? = nil
    ) -> ProofSheet.Picture? {
        guard let file = outcome.file, let shown = outcome.receipt?.size,
            let bytes = try? Data(contentsOf: URL(fileURLWithPath: file))
        else { return nil }
        let smaller = shown == size ? nil : "shown at \(shown) instead of \(size)"
        let parts = [why.map { "a preview: \($0)" }, smaller].compactMap { $0 }
        return ProofSheet.Picture(
            mediaType: ImageFormat.webp.mediaType, bytes: bytes, size: shown,
            note: parts.isEmpty ? nil : parts.joined(separator: "; "))
    }
}
