internal import Foundation
internal import Model
internal import Wire

/// `sluice watch`: one line an event, columns of fixed width since what follows is not known yet.
enum EventText {
    /// `fits`: cut at the page's width, for a terminal; a file gets everything.
    static func line(_ event: Event, _ page: Page, fits: Bool) -> String {
        let moment = page.moment(event.at)
        let kind = pad(event.kind, 11)
        let rest = [pad(event.channel ?? "-", 12), pad(event.subject, 22), Words.plain(event.text)]
            .joined(separator: " ")
        let room = page.width - moment.count - kind.count - 3
        let shown = fits && rest.count > room ? rest.prefix(max(1, room - 1)) + "…" : rest[...]
        return page.paint(moment, .dim) + "  " + page.paint(kind, tint(event.kind)) + " "
            + shown.trimmingSuffix { $0 == " " }
    }

    static func tint(_ kind: String) -> Page.Tint {
        switch kind {
        case "confirmed", "published": .green
        case "quarantined", "refused", "failed": .red
        case "held", "paused", "withdrawn", "drifted", "rewound", "rejected": .yellow
        default: .plain
        }
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        let text = Words.plain(text)
        return text + String(repeating: " ", count: max(0, width - text.count))
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ isDropped: (Character) -> Bool) -> Substring {
        var rest = self
        while let last = rest.last, isDropped(last) { rest.removeLast() }
        return rest
    }
}
