package import Foundation

/// A file in the spool that cannot be used as it is.
package struct QuarantinedFile: Codable, Sendable, Hashable {
    /// Below the spool; what is not plain text is written `%XX`.
    package var path: String
    package var reason: String
    /// What a person does about it.
    package var next: String
    package var since: Date
    /// SKUs that it, or what lies beside it, names as far as that could be read.
    package var skus: [String]
    /// A person has said that it may lie there; it does not count until it changes.
    package var dismissed: Bool

    package init(
        path: String, reason: String, next: String, since: Date, skus: [String] = [],
        dismissed: Bool = false
    ) {
        self.path = path
        self.reason = reason
        self.next = next
        self.since = since
        self.skus = skus
        self.dismissed = dismissed
    }
}
