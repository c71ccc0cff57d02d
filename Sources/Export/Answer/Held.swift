import Bookkeeping
import Model
import Profiles
import Transports

// What status says of a channel that stands still: a hold is about what is new, and what may not be
// there any more is not a matter of pace.
extension Daemon {
    /// What must go goes, although nothing else does.
    func takesDown(_ record: ChannelRecord) -> Bool {
        guard record.hold == nil || record.hold == .ordinary else { return false }
        return active.profile(record.name)?.address != nil
    }

    func heldReasons(_ record: ChannelRecord) -> [String] {
        guard let held = record.held else { return [] }
        let hasFeed = active.profile(record.name)?.feed != nil
        switch record.hold {
        case .ordinary:
            let feed = hasFeed ? ", and the feed is published again only to leave that out" : ""
            return ["held: \(held); what must go is still taken down\(feed)"]
        case .everything:
            let feed = hasFeed ? ", and the feed stays as it is" : ""
            return ["held: \(held); not even what must go is taken down\(feed)"]
        case .doubt, nil: return ["held: \(held)"]
        }
    }

    /// - Parameter count: of files that may not be there any more.
    func mustGo(_ count: Int, _ record: ChannelRecord) -> String {
        let files = Amount.count(count, "file must go", "files must go")
        switch record.hold {
        case .everything:
            return "\(files) and cannot: everything is held; 'sluice resume \(record.name)' lets it"
        case .doubt: return "\(files) and cannot: \(record.held ?? "its place is not known")"
        case .ordinary, nil:
            guard takesDown(record) else {
                return "\(files) and cannot: no profile says where the channel lies; once a person "
                    + "knows that they are gone: 'sluice attest \(record.name) --because …'"
            }
            let hand = active.profile(record.name)?.destination?.hand
            let next =
                hand.map { "\($0.who) takes them down: 'sluice done \(record.name)' says so" }
                ?? "where only a person can see that: 'sluice attest \(record.name) --because …'"
            return
                "\(Amount.count(count, "file must go and is", "files must go and are")) not proven "
                + "absent yet: 'sluice list must-go --channel \(record.name)'; \(next)"
        }
    }
}
