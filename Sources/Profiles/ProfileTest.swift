package import Foundation
package import Model

/// A case that the profile carries as its own proof.
package struct ProfileTest: Sendable {
    package struct Given: Sendable {
        package var asset: Asset
        package var kind: String
        package var audience: String
        package var season: String?
        package var size: PixelSize
        package var format: ImageFormat
        /// The product's box in the picture; nil: cannot be told from the background.
        package var box: Box?
        package var background: PictureMeasurement.Background.Kind
        /// Column → text.
        package var product: [String: String]
    }

    package var given: Given
    /// Nil: the moment at which the tests run.
    package var on: Date?
    /// Name on the channel; `{hash}` stands for the key's digits.
    package var name: String?
    /// A gate's kind or a rule's id.
    package var refused: String?
    /// Of the rendition.
    package var size: PixelSize?
    package var place: Place
}

package struct TestResult: Sendable, Hashable {
    package var channel: String
    /// Of the test in its file.
    package var place: Place
    /// What was asked, in a few words.
    package var title: String
    /// Nil when it passed: else what was expected and what came.
    package var failure: String?
}
