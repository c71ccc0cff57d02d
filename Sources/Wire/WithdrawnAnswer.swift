package import Foundation

/// `GET /v1/withdrawn?hash=…`: what of these bytes a person has withdrawn everywhere.
package struct WithdrawnAnswer: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        /// `A1 front`
        package var asset: String
        package var at: Date
        package var because: String
        /// The command that undoes it.
        package var undo: String

        package init(asset: String, at: Date, because: String, undo: String) {
            self.asset = asset
            self.at = at
            self.because = because
            self.undo = undo
        }
    }

    package var entries: [Entry]

    package init(entries: [Entry]) { self.entries = entries }
}
