package import Model
package import XML

/// Why a document could not be written or read.
package protocol DocumentFault: Error, CustomStringConvertible {
    var remedy: Remedy { get }
}

extension XMLFault: DocumentFault {
    package var remedy: Remedy {
        switch self {
        case .system: .fixHost
        case .document, .library: .retry(after: nil)
        }
    }
}
