// XML as a stream, both ways, over libxml2: documents of any length in flat memory. What `Writer`
// has finished without an error is well-formed and whole; `Reader` opens nothing but the file it was
// given, expands no entity and refuses document types. What the elements mean is left to others.

private import CXML2
private import Glibc

/// Why a document could not be written or read.
package enum XMLFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// A system call failed: the disk is full, the file is gone.
    case system(call: String, errno: Int32)
    /// The document is not well-formed, or holds what we refuse. The line counts from 1.
    case document(line: Int, String)
    /// libxml2 would not do what it was told: no memory, or a call of ours out of order.
    case library(String)

    package var description: String {
        switch self {
        case .system(let call, let errno): "cannot \(call): \(String(cString: strerror(errno)))"
        case .document(let line, let message): "line \(line): \(message)"
        case .library(let call): "libxml2 failed in '\(call)'"
        }
    }
}

/// Text of which every character may stand in an XML 1.0 document. Swift's strings hold no lone
/// surrogates and no invalid UTF-8 already; what is left to drop are control characters, U+FFFE and
/// U+FFFF, which libxml2 writes without complaint and then cannot read.
package struct CleanText: Sendable, Hashable {
    package let text: String
    /// Characters that were left out.
    package let dropped: Int

    package init(_ text: String) {
        guard Self.mayNeedCleaning(text) else {
            self.text = text
            dropped = 0
            return
        }
        var kept = String.UnicodeScalarView()
        var dropped = 0
        for scalar in text.unicodeScalars {
            if Self.isAllowed(scalar) { kept.append(scalar) } else { dropped += 1 }
        }
        self.text = String(kept)
        self.dropped = dropped
    }

    /// The production `Char` of XML 1.0, section 2.2.
    package static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD, 0x20...0xFFFD, 0x10000...: true
        default: false
        }
    }

    /// A quick look at the bytes, as almost all texts are clean: U+FFFE and U+FFFF begin with EF.
    private static func mayNeedCleaning(_ text: String) -> Bool {
        text.utf8.contains { $0 < 0x20 || $0 == 0xEF }
    }
}

enum Library {
    /// Must happen once before threads use libxml2 at the same time.
    static let ready: Void = xmlInitParser()
}
