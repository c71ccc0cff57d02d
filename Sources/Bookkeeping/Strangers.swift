package import Foundation
package import Wire

/// What is known to lie in one folder, by whoever put it there. By hashes: a million names take 16 MB so,
/// and some 100 as text.
package struct KnownNames: Sendable {
    private var hashes: Set<Int> = []

    /// Servers may not tell case apart.
    package func contains(_ leaf: String) -> Bool {
        hashes.contains(leaf.lowercased().hashValue)
    }

    /// - Parameter path: below the folder: only its first segment lies in it.
    fileprivate mutating func insert(_ path: Substring) {
        hashes.insert(path.prefix { $0 != "/" }.lowercased().hashValue)
    }
}

// Files where a channel's own lie that nobody here knows. They are told, and left alone: somebody else may
// need them.
extension Ledger {
    /// Names read at one time, so that no reader is held for long.
    private static let page = 10_000
    /// Folders with strangers that are remembered.
    private static let mostFolders = 100

    /// Names that any channel has there or shall have, and documents of feeds.
    /// - Parameters:
    ///   - folder: below the channel's own: empty for that one, else with a slash at its end.
    ///   - address: of the channel's own, as its profile spells it; whose names lie where goes by its place.
    package func known(
        in folder: String, of channel: String, at address: String
    ) async throws(LedgerError) -> KnownNames {
        let spelled = address + folder
        let (channels, documents) = try await read("ask what lies in '\(spelled)'") { database in
            (
                try database.rows("SELECT name, place FROM channel WHERE place IS NOT NULL").map {
                    ($0["name"] as String, $0["place"] as String)
                },
                try database.all(
                    String.self,
                    "SELECT value FROM fact WHERE name GLOB 'feed place *' OR name GLOB 'feed left *'"
                )
            )
        }
        let folder = (channels.first { $0.0 == channel }?.1 ?? address) + folder
        var known = KnownNames()
        for (channel, place) in channels {
            if folder.hasPrefix(place) {
                try await insert(
                    namesOf: channel, below: folder.dropFirst(place.count).lowercased(),
                    into: &known)
            } else if place.hasPrefix(folder) {
                known.insert(place.dropFirst(folder.count))
            }
        }
        for document in documents where document.hasPrefix(spelled) {
            known.insert(document.dropFirst(spelled.count))
        }
        return known
    }

    private func insert(
        namesOf channel: String, below folder: String, into known: inout KnownNames
    ) async throws(LedgerError) {
        // The character after the slash, or after all that names are made of.
        let end = folder.isEmpty ? "~" : folder.dropLast() + "0"
        var last = folder
        while true {
            let after = last
            let names = try await read("ask what '\(channel)' has") { database in
                try database.all(
                    String.self,
                    """
                    SELECT folded FROM delivery WHERE channel = ? AND folded > ? AND folded < ?
                    ORDER BY folded LIMIT ?
                    """, [channel, after, end, Self.page])
            }
            for name in names { known.insert(name.dropFirst(folder.count)) }
            guard names.count == Self.page, let next = names.last else { return }
            last = next
        }
    }

    /// A folder of the channel's was listed to its end.
    /// - Parameters:
    ///   - place: the channel's own folder, of which this is a part.
    ///   - names: all that nobody here knows, or as many as anybody wants to know of.
    package func recordStrangers(
        _ names: [String], in folder: String, at place: String, on channel: String
    ) async throws(LedgerError) {
        let now = now()
        try await write("note what strangers lie in '\(folder)'") { database in
            var record = try Self.patrol(of: channel, in: database)
            let before = record.strangers?.first { $0.folder == folder }
            // The channel may have moved.
            var folders = (record.strangers ?? []).filter {
                $0.folder != folder && $0.folder.hasPrefix(place)
            }
            let found = StrangersInFolder(folder: folder, names: names.sorted(), at: now)
            if !names.isEmpty { folders.append(found) }
            record.strangers = folders.suffix(Self.mostFolders)
            try Self.keep(record, of: channel, in: database)
            // Told once, and again where there are more or others.
            let (count, first) = (before?.count ?? 0, before?.first ?? [])
            guard found.count > count || found.count == count && found.first != first else {
                return
            }
            try Self.log(
                "strangers", channel, channel,
                "\(found.count) in '\(folder)' that nobody here has sent: \(found.words)", at: now,
                in: database)
        }
    }
}
