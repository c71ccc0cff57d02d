import Foundation
import Model
import Testing
import Wire

@testable import sluice

/// What people read, to the letter.
@Suite struct TextTests {
    private let page = Answers.page

    private func expect(
        _ lines: [String], _ golden: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(lines.joined(separator: "\n") == golden, sourceLocation: sourceLocation)
        for line in lines where !line.contains("://") {
            #expect(line.count <= 100, sourceLocation: sourceLocation)
        }
    }

    @Test func aQuietShopIsFourLines() {
        expect(
            StatusText.lines(Answers.status(channels: [Answers.quiet]), page),
            """
            ● ok: 1 channel, 1,204 live, nothing waiting
              sluice 0.1, pid 42, up 3 days · 1,204 sources in the spool, read 12 s ago · 2 workers · times in
              Europe/Berlin

            ● webshop  live  1,204 live
                products.xml: 301 items, published 2 min ago
            """)
    }

    @Test func aRulesDayIsTheDaemonsDay() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
        // Midnight in Berlin.
        let from = try Date("2027-01-30T23:00:00Z", strategy: .iso8601)
        let rule = UpcomingAnswer.Rule(
            channel: "shop", id: "floor", from: from, source: "500 px",
            place: Place(file: "shop.yaml", line: 7, column: 5))
        expect(
            UpcomingText(
                UpcomingAnswer(until: from, zone: zone, rules: [rule], live: 3), page: page
            ).lines(),
            """
            2027-01-31  shop: rule 'floor' begins
                shop.yaml:7:5, 500 px

            ● 3 live files will all pass
            """)
    }

    @Test func aWideTableStaysOnThePage() {
        var table = Table()
        for text in [
            "its worst border pixel is #151B29 at (131, 597), 234 away, which is far more than that",
            "has no other",
        ] {
            table.add(
                "✗ ", [.init("background.ring"), .init(text), .init("wanted: a border of #FFFFFF")])
        }
        expect(
            table.lines(on: page).flatMap(\.self),
            """
            ✗ background.ring  its worst border pixel is #151B29 at (131, 597), 234 away,   wanted: a border of
                               which is far more than that                                  #FFFFFF
            ✗ background.ring  has no other                                                 wanted: a border of
                                                                                            #FFFFFF
            """)
    }

    @Test func aBadDaySaysWhyAndWhatToType() {
        let render = StatusAnswer.Render(
            workers: 2, waiting: 7,
            paused: "three masters killed their worker within ten minutes",
            sandbox: [
                .init(name: "landlock", on: false, detail: "the kernel has none"),
                .init(name: "seccomp", on: true, detail: ""),
            ], versions: [:])
        let answer = Answers.status(
            verdict: .stuck,
            channels: [Answers.quiet, Answers.busy, Answers.broken, Answers.off],
            problems: ["the disk has 3% left, intake has stopped"], render: render, quarantined: 2)
        expect(
            StatusText.lines(answer, page),
            """
            ✗ stuck: 2 troubles, 1 wall missing, 2 channels red, 1 yellow, 2 files quarantined; sluice
                     quarantine list
              4 channels, 1,228 live, 312 waiting
              sluice 0.1, pid 42, up 3 days · 1,204 sources in the spool, 2 quarantined, read 12 s ago · 2
              workers, 7 to render · times in Europe/Berlin
              ! rendering is paused: three masters killed their worker within ten minutes
              ! the disk has 3% left, intake has stopped
              ! the workers run without landlock: the kernel has none; a picture that breaks its decoder could
                read what this account can; boot a kernel of 5.13 or later with landlock in its 'lsm=' list

            ● webshop   live  1,204 live
                products.xml: 301 items, published 2 min ago
            ◐ amazon    live     24 live  ██████████░░░░░░  66%  10 rendering, 2 sending, 1 held
                stopped: 2 by approval, 3 by compliance
                last success 3 s ago, oldest has waited 10 min, next try in 4 min
            ✗ otto      live      0 live  ░░░░░░░░░░░░░░░░   0%  300 rendering
                the server refused the login of 'shop42': the key 'otto-key' is not accepted; ask Otto's support
                whether the new public key has been installed yet
                feed.xml: 0 items, not published yet
                last success 7 days ago
                next: sluice retry --channel otto
            ✗ kaufland  off       0 live
                kaufland.yaml has never loaded: 2 errors
                next: mend the profile, then: sluice reload
            """)
    }

    /// Every channel green, and still something is wanted: the first line says what.
    @Test func attentionSaysWhatIsWanted() {
        let answer = Answers.status(
            verdict: .attention, channels: [Answers.quiet], quarantined: 1)
        let lines = StatusText.lines(answer, page)
        #expect(lines[0] == "◐ attention: 1 file quarantined; sluice quarantine list")
        #expect(lines[1] == "  1 channel, 1,204 live, nothing waiting")
    }

    @Test func aReasonThatNamesACommandIsNotContradicted() {
        var channel = Answers.broken
        channel.reasons = ["held by maria.k: sale; go on with 'sluice resume otto'"]
        let lines = StatusText.lines(Answers.status(channels: [channel]), page)
        #expect(!lines.contains { $0.contains("next: ") })
    }

    @Test func aHeldFeedIsReleasedAndNotResumed() {
        var channel = Answers.broken
        channel.reasons = ["the feed is held, the last edition stays: it has no items"]
        let lines = StatusText.lines(Answers.status(channels: [channel]), page)
        #expect(!lines.contains { $0.contains("resume") })
    }

    @Test func whatTheFeedLeavesOutIsCountedAndExplained() {
        var channel = Answers.quiet
        channel.feed?.omitted = 3
        #expect(
            StatusText.lines(Answers.status(channels: [channel]), page).last
                == "    products.xml: 301 items; 3 left out, published 2 min ago")
        channel.feed?.held = "it has no items"
        #expect(
            StatusText.lines(Answers.status(channels: [channel]), page).contains {
                $0.contains("3 left out of the edition that waits")
            })
        let answer = WhyAnswer(
            sku: "A2", known: true, nearest: [], entries: [Answers.why.entries[1]],
            quarantined: [],
            omissions: [
                .init(
                    channel: "webshop",
                    gate: Gate(
                        .metadata, "'title' is missing",
                        place: Place(file: "webshop.yaml", line: 40, column: 12), turn: "ops",
                        next: "mend its row in the product table"), since: Answers.now)
            ])
        expect(
            WhyText.lines(answer, page),
            """
            ● A1 front on webshop: live  main A1-front.jpg
            ◐ A2 on webshop: live, but not in the feed
                metadata: 'title' is missing
                demanded by  webshop.yaml:40:12
                whose turn   ops
                next         mend its row in the product table
            """)
    }

    @Test func whyPutsTheFirstClosedGateForward() {
        expect(
            WhyText.lines(Answers.why, page),
            """
            ✗ A1 front on amazon: refused  main B001.MAIN.jpg
                compliance: the longest side is 800 px and would have to be enlarged to 1000 px, which 'upscale:
                            never' forbids
                demanded by  amazon.yaml:12:5 (rule zoom)
                whose turn   studio
                next         deliver the picture with at least 1000 px
                then         pace: the first 20 have been sent
            ● A1 front on webshop: live  main A1-front.jpg
            ◐ A1 back on webshop: waiting  more A1-back.jpg
                will be sent within the minute
            """)
    }

    @Test func whatNobodyAsksForIsNoNews() {
        var channel = Answers.quiet
        channel.gates = ["selection": 12, "rights": 2]
        #expect(
            StatusText.lines(Answers.status(channels: [channel]), page)
                .contains("    stopped: 2 by rights; 12 not asked for"))
        channel.gates = ["selection": 1]
        #expect(
            StatusText.lines(Answers.status(channels: [channel]), page)
                .contains("    1 not asked for"))
        let gates = [
            Gate(.selection, "no slot of 'gs1' takes view 'detail'", turn: "ops", next: "leave it"),
            Gate(.rights, "rights ended", turn: "approver"),
        ]
        let entry = WhyAnswer.Entry(
            asset: "A1 detail", channel: "gs1", slot: nil, name: nil, state: .notAskedFor,
            gates: gates, next: nil)
        expect(
            WhyText.lines(
                WhyAnswer(sku: "A1", known: true, nearest: [], entries: [entry], quarantined: []),
                page),
            """
            ○ A1 detail on gs1: not asked for
                selection: no slot of 'gs1' takes view 'detail'
                whose turn   ops
                next         leave it
            """)
    }

    @Test func whyKnowsWhatIsNearAnUnknownSKU() {
        let answer = WhyAnswer(
            sku: "A11", known: false, nearest: ["A1", "A12"], entries: [], quarantined: [])
        expect(
            WhyText.lines(answer, page),
            """
            ✗ no SKU 'A11' is known; nearest: A1, A12
            """)
    }

    private let refused = QuarantinedFile(
        path: "A11_front.jpg", reason: "'A11_front.jpg' is empty",
        next: "copy the file again; a file of 0 bytes is a copy that failed",
        since: Answers.ago(60))

    @Test func whySaysWhatLiesInQuarantineAndWhatToDo() {
        let answer = WhyAnswer(
            sku: "A11", known: false, nearest: ["A1", "A12"], entries: [], quarantined: [refused])
        expect(
            WhyText.lines(answer, page),
            """
            ✗ nothing is known of 'A11' yet: what names it lies in quarantine
              ! 'A11_front.jpg' lies in quarantine: 'A11_front.jpg' is empty
                next         copy the file again; a file of 0 bytes is a copy that failed
            """)
    }

    @Test func theQuarantineIsAList() {
        expect(
            QuarantineText.lines(
                QuarantineAnswer(files: [refused], more: 3, dismissed: 2), page),
            """
            ◐ A11_front.jpg
                why   'A11_front.jpg' is empty
                next  copy the file again; a file of 0 bytes is a copy that failed
                since 2025-11-24 16:59:00
            and 3 more

            2 dismissed, and not told until they change
            what may stay as it is: sluice quarantine dismiss PATH, or --all
            """)
        expect(
            QuarantineText.lines(QuarantineAnswer(files: []), page),
            """
            ● nothing is in quarantine
            """)
    }

    @Test func liveSaysWhatWhereAndSinceWhen() {
        let entry = LiveAnswer.Entry(
            asset: "A1 front", channel: "amazon", slot: "main", name: "B001.MAIN.jpg",
            url: "sftp://feeds.example.com/incoming/B001.MAIN.jpg",
            sha256: String(repeating: "ab", count: 32), master: String(repeating: "0f", count: 32),
            approvedBy: "maria.k", since: Answers.ago(5 * 3600), confirmedBy: "hash",
            superseded: true)
        expect(
            LiveText.lines(LiveAnswer(sku: "A1", entries: [entry]), page, now: Answers.now),
            """
            ◐ A1 front  amazon  main  since 2025-11-24 12:00, 5 h ago
                sftp://feeds.example.com/incoming/B001.MAIN.jpg
                version 0f0f0f0f0f0f0f0f approved by maria.k, sent as abababababababab, confirmed by hash
                on its way out: 'sluice why' says why
              times in Europe/Berlin
            """)
        var handed = entry
        (handed.confirmedBy, handed.task) = ("", "in manifest 3, to be taken down by anna")
        expect(
            LiveText.lines(LiveAnswer(sku: "A1", entries: [handed]), page, now: Answers.now),
            """
            ◐ A1 front  amazon  main  may be there
                sftp://feeds.example.com/incoming/B001.MAIN.jpg
                version 0f0f0f0f0f0f0f0f approved by maria.k, sent as abababababababab, handed over, and nobody
                said that it is there
                in manifest 3, to be taken down by anna
              times in Europe/Berlin
            """)
        expect(
            LiveText.lines(LiveAnswer(sku: "A1", entries: []), page, now: Answers.now),
            "nothing of 'A1' is live")
        expect(
            LiveText.lines(
                LiveAnswer(sku: "A11", known: false, nearest: "A1", entries: []), page,
                now: Answers.now),
            "✗ no SKU 'A11' is known; did you mean 'A1'?")
    }

    @Test func anEventIsOneLine() {
        let event = Event(
            id: 1, at: Answers.now, kind: "confirmed", channel: "amazon", subject: "A1 front",
            text: "B001.MAIN.jpg, 214,003 bytes, proven by its hash after reading it back")
        expect(
            [EventText.line(event, page, fits: true)],
            "2025-11-24 17:00:00  confirmed   amazon       A1 front               "
                + "B001.MAIN.jpg, 214,003 bytes, …")
        #expect(EventText.line(event, page, fits: false).hasSuffix("after reading it back"))
    }

    @Test func reloadShowsErrorsAndWhatChanged() {
        let problem = Problem(
            Place(file: "otto.yaml", line: 3, column: 1), "unknown key 'selct'",
            code: "unknown-key")
        let answer = ReloadAnswer(
            channels: ["otto": "kept at its last good revision", "amazon": "unchanged"],
            problems: [problem], waiting: ["otto"])
        expect(
            DoneText.lines(answer, page),
            """
            otto.yaml:3:1: error: unknown key 'selct' [unknown-key]
            ● amazon  unchanged
            ✗ otto    kept at its last good revision
            1 problem in 1 file
            """)
    }

    @Test func aListIsReadByPeopleAndPrograms() {
        var refused = ListAnswer.Entry(state: .gate(.compliance))
        (refused.asset, refused.channel, refused.turn) = ("A1 front", "amazon", "studio")
        refused.because =
            "the longest side is 800 px and would have to be enlarged to 1000 px, which 'upscale: "
            + "never' forbids"
        var leaving = ListAnswer.Entry(state: .lingering)
        (leaving.asset, leaving.channel, leaving.name) = ("B2 back", "otto", "B2.jpg")
        leaving.because = "superseded"
        (leaving.since, leaving.due) = (Answers.ago(3600), Answers.now.addingTimeInterval(7200))
        let answer = ListAnswer(entries: [refused, leaving], after: nil)
        expect(
            ListText.lines(answer, page, wraps: true),
            """
              A1 front  amazon          compliance  studio  the longest side is 800 px and would have to be
                                                            enlarged to 1000 px, which 'upscale: never' forbids
              B2 back   otto    B2.jpg  lingering           superseded, since 2025-11-24 16:00, due 2025-11-24
                                                            19:00
            """)
        #expect(ListText.lines(answer, page, wraps: false).count == 2)
        expect(
            ListText.summary(ListQuestion(.due, channel: "otto"), 2, page),
            "2 due on 'otto'; 'sluice release otto' lets them pass · times in Europe/Berlin")
    }

    @Test func aReleaseNamesWhatItLetsPass() {
        expect(
            DoneText.lines(
                DoneAnswer(
                    done: "let pass on 'otto': 3 replacements", count: 3,
                    names: ["a.jpg", "b.jpg"]), page),
            """
            let pass on 'otto': 3 replacements
              a.jpg
              b.jpg
              and 1 more
            """)
    }

    @Test func progressNeverRunsBackwards() {
        var progress = Progress()
        var wide = page
        wide.width = 160
        let answers = [(0, 10, 5), (10, 6, 5), (20, 16, 8), (30, 4, 8), (40, 0, 8)]
        let lines = answers.map { seconds, left, sources in
            var answer = Answers.status(channels: [Answers.busy])
            answer.now += Double(seconds)
            answer.left = left
            answer.spool.sources = sources
            answer.channels[0].limitedBy = "the channel's rate, 120 a minute"
            progress.note(answer)
            return ProgressText.line(progress, wide, waited: Double(seconds))
        }
        // The bar stays where it was until what is done has caught up with what came.
        expect(
            lines.map { $0.replacing(" limit: the channel's rate, 120 a minute,", with: "") },
            """
            ░░░░░░░░░░░░░░░░░░░░ 0 of 10 done, waited 0 s
            ████████░░░░░░░░░░░░ 4 of 10 done, 24 a minute, 15 s left, waited 10 s
            ████████░░░░░░░░░░░░ 4 of 20 done, 3 more came, 12 a minute, 1 min left, waited 20 s
            ████████████████░░░░ 16 of 20 done, 3 more came, 32 a minute, 7 s left, waited 30 s
            ████████████████████ 20 of 20 done, 3 more came, 30 a minute, 0 s left, waited 40 s
            """)
    }

    @Test func eachCeilingSaysHowNearItIs() {
        var use = StatusAnswer.Use(sessions: 3, borne: 4, atMost: 8)
        (use.startsPerMinute, use.startsAtMost) = (57.4, 60)
        (use.bytesPerSecond, use.bytesAtMost) = (1_840_000, 2_000_000)
        (use.hours, use.opens) = ("22:00..06:00", Answers.now)
        #expect(
            UseText.parts(use) == [
                "3 of 8 sessions (4 borne so far)", "57 of 60 starts a minute",
                "1.84 of 2 MB a second", "hours 22:00..06:00, closed now",
            ])
        #expect(UseText.parts(.init(sessions: 1, borne: 1, atMost: 1)) == ["1 of 1 session"])
    }

    @Test func whatStandsStillIsSaidWithItsRemedy() {
        var answer = Answers.status(verdict: .stuck, channels: [])
        answer.standing = [
            .init(
                what: "the disk is full", channel: nil,
                reason: "the disk of '/var/lib/sluice' is full: 0.1 MB of 12 MB are left",
                since: Answers.ago(180), next: "free some space")
        ]
        let text = StatusText.lines(answer, page).joined(separator: "\n")
        #expect(text.hasPrefix("✗ stuck: the disk is full; free some space"))
        #expect(text.contains("! the disk is full since 2025-11-24 16:57:00: the disk of"))
        #expect(text.contains("next: free some space"))
    }

    @Test func colourChangesNoColumn() {
        var colour = page
        colour.colour = true
        let answer = Answers.status(channels: [Answers.quiet, Answers.busy, Answers.broken])
        let escape = /\u{1B}\[[0-9]*m/
        let bare = StatusText.lines(answer, colour).map {
            $0.replacing(escape, with: "")
        }
        #expect(bare == StatusText.lines(answer, page))
    }

    @Test(arguments: [true, false])
    func everyLightHasAShapeOfItsOwn(inColour: Bool) {
        var page = page
        page.colour = inColour
        let shapes = [Light.green, .yellow, .red, nil].map {
            page.light($0).replacing(/\u{1B}\[[0-9]*m/, with: "")
        }
        #expect(shapes == ["●", "◐", "✗", "○"])
        #expect(page.light(.red) == (inColour ? "\u{1B}[31m✗\u{1B}[0m" : "✗"))
    }

    @Test func theTableIsShownWithALineToTryEach() {
        let lines = APIText.lines(
            [Operations.hold.endpoint, Operations.events.endpoint], socket: "/run/s.sock", page)
        #expect(
            lines == [
                "POST /v1/hold",
                "  stop a channel; operators only",
                "    channel    the channel",
                "    because    why; status shows it (optional)",
                "    everything do not even take down what must go; true or false (optional)",
                "  answers DoneAnswer",
                #"  curl --unix-socket /run/s.sock -d '{"channel":"CHANNEL"}' 'http://localhost/v1/hold'"#,
                "",
                "GET /v1/events?after=ID",
                "  events as they happen; a JSON document a line, until either side ends it",
                "    after      an event's id: those that follow it, then new ones; a number (optional)",
                "  answers Event",
                "  curl --unix-socket /run/s.sock 'http://localhost/v1/events'",
                "",
                "keys are snake_case, times ISO 8601 in UTC; an error says what to do in 'next'",
            ])
    }

    @Test func whatAFileIsCalledCannotDriveTheTerminal() {
        let answer = WhyAnswer(
            sku: "A1\u{1B}[2J", known: false, nearest: [], entries: [],
            quarantined: [
                QuarantinedFile(
                    path: "x\u{7}\r\n\u{202E}gpj.exe", reason: "", next: "", since: Answers.now)
            ])
        let text = WhyText.lines(answer, page).joined(separator: "\n")
        #expect(!text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x7 })
        #expect(!text.unicodeScalars.contains { $0.value == 0x202E || $0.value == 0x0D })
    }

    @Test(
        arguments: [
            (0.5, "just now"), (12, "12 s ago"), (-240, "in 4 min"), (7200, "2 h ago"),
            (86_400 * 3, "3 days ago"), (86_400 * 2000, "2,000 days ago"),
        ] as [(Double, String)])
    func timesAreRelative(_ seconds: Double, _ text: String) {
        #expect(Words.time(Answers.ago(seconds), from: Answers.now) == text)
    }

    @Test func aBarIsFullOnlyWhenAllIsDone() {
        #expect(Words.bar(999, of: 1000, columns: 4) == "███░")
        #expect(Words.bar(1000, of: 1000, columns: 4) == "████")
        #expect(Words.percent(999, of: 1000) == "99%")
        #expect(Words.number(-1_234_567) == "-1,234,567")
    }
}
