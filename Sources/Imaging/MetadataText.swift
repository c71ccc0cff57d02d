private import Foundation
import Model

/// Text from a file that anybody may have made, on its way to people, logs and other files.
enum ForeignText {
    /// One line without control characters, at most `PictureMetadata.longest` scalars; nil when
    /// nothing is left. Marks that turn the direction of what follows are control characters too.
    static func clean(_ text: String, longest: Int = PictureMetadata.longest) -> String? {
        var clean = String.UnicodeScalarView()
        var count = 0
        var gap = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                gap = count > 0
                continue
            }
            guard isPlain(scalar) else { continue }
            guard count + (gap ? 2 : 1) <= longest else { break }
            if gap { clean.append(" ") }
            clean.append(scalar)
            count += gap ? 2 : 1
            gap = false
        }
        return clean.isEmpty ? nil : String(clean)
    }

    /// UTF-8 where the bytes are that, else as the fields of old programs are: Windows Latin.
    static func decode(_ bytes: some Collection<UInt8>) -> String {
        String(validating: bytes, as: UTF8.self)
            ?? String(data: Data(bytes), encoding: .windowsCP1252)
            ?? String(data: Data(bytes), encoding: .isoLatin1) ?? ""
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .surrogate, .unassigned, .privateUse, .lineSeparator, .paragraphSeparator:
            false
        // Joiners make letters in some scripts; the rest turns text around or hides in it.
        case .format: scalar.value == 0x200C || scalar.value == 0x200D
        default: true
        }
    }
}
