private import Foundation

extension String {
    /// In composed form (NFC), in which SKUs are held: macOS hands names over decomposed, and to a
    /// database `GRÖSSE` in two forms is two.
    package var composed: String { precomposedStringWithCanonicalMapping }
}
