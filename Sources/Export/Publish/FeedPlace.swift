import Model
import Profiles
import Transports

/// Where a channel's confirmed edition lies; a feed that moves is sent again as it is.
enum FeedPlace {
    static func fact(_ channel: String) -> String { "feed place \(channel)" }

    /// One that lies there still, and is not kept true any more.
    static func left(_ channel: String) -> String { "feed left \(channel)" }

    static func of(
        _ feed: Profile.Feed, _ address: DestinationAddress, named name: RemoteName? = nil
    ) -> String {
        address.description + (name ?? feed.file).rawValue
    }
}

/// Where a channel's files were before it moved, a line each: nobody looks after them there any more.
enum OldPlace {
    static func fact(_ channel: String) -> String { "files left \(channel)" }
}

extension Profile {
    /// Nil without a feed.
    var feedPlace: String? {
        feed.flatMap { feed in
            (feed.destination?.address ?? address).map { FeedPlace.of(feed, $0) }
        }
    }
}
