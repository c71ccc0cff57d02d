package import Foundation

/// `alarm:` of sluice.yaml: who is told, how, and what has taken too long.
package struct AlarmSettings: Sendable, Hashable {
    package enum Means: String, Codable, Sendable, CaseIterable {
        case run, post, mail
    }

    package struct Post: Sendable, Hashable {
        package enum Address: Sendable, Hashable {
            case url(String)
            /// The address itself is a secret, as chat services have it.
            case credential(String)
        }

        package var address: Address
        /// Name of the credential whose text signs the body.
        package var secret: String?
        package var allowPrivate: Bool

        package init(_ address: Address, secret: String? = nil, allowPrivate: Bool = false) {
            self.address = address
            self.secret = secret
            self.allowPrivate = allowPrivate
        }
    }

    /// Full path of a program.
    package var run: String?
    package var post: Post?
    package var mail: [String] = []
    /// Seconds something stands, or is gone, before it is told.
    package var after: TimeInterval = 60
    /// Seconds after which work that waits turns a channel red.
    package var itemOlderThan: TimeInterval = 86_400
    /// Seconds without a success, while work waits, after which a channel is red; nil: never.
    package var noSuccessFor: TimeInterval?
    /// What takes mail.
    package var sendmail = "/usr/sbin/sendmail"

    package init() {}

    package var means: [Means] {
        Means.allCases.filter { means in
            switch means {
            case .run: run != nil
            case .post: post != nil
            case .mail: !mail.isEmpty
            }
        }
    }
}
