import Foundation
import Model
import Transports
import YAML

/// Reads what a profile says of the channel's answers about its feed.
struct VerdictsReader {
    let keys: Keys
    /// Where the feed goes; nil: it could not be read, which is told elsewhere.
    let destination: Destination?

    func verdicts() -> Profile.Verdicts? {
        let path = keys.required("from", Self.path)
        let format = keys.required("format", Shape<Profile.Verdicts.Format>.choice())
        let items = items(format)
        let item = keys.required("item", .text)
        let status = keys.required("status", .text)
        let message = keys.list("message", .text)
        let accepted = words("accepted")
        let rejected = words("rejected")
        let every = keys.optional("every", .duration) ?? 900
        if keys.node("every") != nil, every < 60 {
            refuse("a channel is asked once a minute at most: 'every: 1m' or more", at: "every")
        }
        if let both = accepted.first(where: rejected.contains) {
            refuse(
                "'\(both)' cannot mean both that an item is accepted and that it is rejected",
                at: "rejected", "contradiction")
        }
        if let path { check(path) }
        guard let path, let format, let item, let status else { return nil }
        return Profile.Verdicts(
            path: path, format: format, items: items, item: item, status: status,
            message: message, accepted: accepted, rejected: rejected, every: every)
    }

    private func refuse(_ message: String, at key: String, _ code: String = "bad-value") {
        keys.reader.report(keys.place(key), message, code: code)
    }

    private func words(_ key: String) -> [String] {
        guard keys.requiredNode(key) != nil else { return [] }
        return keys.list(key, .text)
    }

    private func items(_ format: Profile.Verdicts.Format?) -> [String] {
        switch format {
        case .xml: keys.required("items", Self.steps) ?? []
        case .json: keys.optional("items", Self.steps) ?? []
        // A key that another format has is unknown to this one.
        case .csv, .jsonLines: []
        case nil: keys.optional("items", Self.steps) ?? []
        }
    }

    private func check(_ path: String) {
        guard let destination else { return }
        let place = destination.address.description
        switch destination.options.handsOut {
        case .files: break
        case .namedFiles:
            guard path.contains("*") else { return }
            refuse(
                "'\(place)' lists nothing, so '*' finds nothing there: name the one file",
                at: "from")
        case .nothing:
            refuse(
                "what lies at '\(place)' is not read back: by SFTP, FTP, HTTP or from a "
                    + "folder it would be", at: "from", "not-built")
        }
    }

    private static var path: Shape<String> {
        Shape(
            expects: "a path on the feed's server, from its root, such as /store/output/*/*.csv"
        ) { text in
            let names = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            guard text.hasPrefix("/"), text.utf8.count <= 500, names.count <= 20,
                names.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }),
                !text.utf8.contains(where: { $0 < 0x20 })
            else { return nil }
            return text
        }
    }

    private static var steps: Shape<[String]> {
        Shape(expects: "the way to the items, such as feedResponse/feedDetails/productDetail") {
            let steps = $0.split(separator: "/", omittingEmptySubsequences: false)
                .map(String.init)
            return steps.contains("") ? nil : steps
        }
    }
}
