import Foundation
import Model
import Wire

@testable import sluice

/// A shop on a bad day.
enum Answers {
    static let now = Date(timeIntervalSince1970: 1_764_000_000)

    static func ago(_ seconds: Double) -> Date { now.addingTimeInterval(-seconds) }

    static var page: Page {
        Page(width: 100, colour: false, zone: TimeZone(identifier: "Europe/Berlin")!)
    }

    static func status(
        verdict: Verdict = .ok, channels: [StatusAnswer.Channel], problems: [String] = [],
        render: StatusAnswer.Render? = nil, quarantined: Int = 0
    ) -> StatusAnswer {
        StatusAnswer(
            verdict: verdict, version: "0.1", pid: 42, startedAt: ago(3 * 86_400 + 60), now: now,
            idle: true,
            spool: .init(
                lastScan: ago(12), sources: 1204, quarantined: quarantined, settling: 0),
            render: render
                ?? .init(workers: 2, waiting: 0, paused: nil, sandbox: [], versions: [:]),
            channels: channels, problems: problems)
    }

    static let quiet = StatusAnswer.Channel(
        name: "webshop", state: .live, light: .green, reasons: [],
        deliveries: [.live: 1204, .sending: 0], gates: ["rights": 0],
        feed: .init(file: "products.xml", items: 301, publishedAt: ago(120), held: nil),
        lastSuccess: ago(180))

    static let busy = StatusAnswer.Channel(
        name: "amazon", state: .live, light: .yellow, reasons: [],
        deliveries: [.live: 24, .rendering: 10, .sending: 2, .held: 1],
        gates: ["compliance": 3, "approval": 2], lastSuccess: ago(3), oldestWaiting: ago(600),
        nextTry: now.addingTimeInterval(240))

    static let broken = StatusAnswer.Channel(
        name: "otto", state: .live, light: .red,
        reasons: [
            "the server refused the login of 'shop42': the key 'otto-key' is not accepted; ask "
                + "Otto's support whether the new public key has been installed yet"
        ],
        deliveries: [.rendering: 300], gates: [:],
        feed: .init(
            file: "feed.xml", items: 0, publishedAt: nil,
            held: "an image it names is not confirmed: 'B001.MAIN.jpg'"),
        lastSuccess: ago(7 * 86_400))

    static let off = StatusAnswer.Channel(
        name: "kaufland", state: .off, light: .red,
        reasons: ["kaufland.yaml has never loaded: 2 errors"], deliveries: [:], gates: [:])

    static let why = WhyAnswer(
        sku: "A1", known: true, nearest: [],
        entries: [
            .init(
                asset: "A1 front", channel: "amazon", slot: "main", name: "B001.MAIN.jpg",
                state: .refused,
                gates: [
                    Gate(
                        .compliance,
                        "the longest side is 800 px and would have to be enlarged to 1000 px, "
                            + "which 'upscale: never' forbids",
                        place: Place(file: "amazon.yaml", line: 12, column: 5), rule: "zoom",
                        turn: "studio", next: "deliver the picture with at least 1000 px"),
                    Gate(.pace, "the first 20 have been sent", turn: "ops"),
                ], next: nil),
            .init(
                asset: "A1 front", channel: "webshop", slot: "main", name: "A1-front.jpg",
                state: .live, gates: [], next: nil),
            .init(
                asset: "A1 back", channel: "webshop", slot: "more", name: "A1-back.jpg",
                state: .other("waiting"), gates: [], next: "will be sent within the minute"),
        ], quarantined: [])
}
