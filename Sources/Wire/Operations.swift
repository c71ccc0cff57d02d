// What crosses a process: what can be asked over the socket and how it is answered, and what the
// daemon and its workers say to each other. Values only. Promises that server, client, `sluice api` and
// `GET /v1` read one table, this one, and that an answer of today decodes tomorrow: keys are added,
// never renamed, or `Endpoint.version` rises. Who carries an operation out is Control's business, what
// it means is Export's.

/// What can be asked over the socket. To add one: declare it here, and name it in `all`.
package enum Operations {
    package static let api = Entry<NoArguments, APIAnswer>.question("", "this list")

    package static let status = Entry<StatusQuestion, StatusAnswer>.question(
        "status", "is everything all right?")

    package static let why = Entry<WhyQuestion, WhyAnswer>.question(
        "why", "why a SKU is, or is not, on a channel")

    package static let live = Entry<LiveQuestion, LiveAnswer>.question(
        "live/:sku", "what is live of a SKU, which version, since when")

    package static let list = Entry<ListQuestion, ListAnswer>.question(
        "list/:kind", "the things behind a number of status, a page at a time")

    package static let ready = Entry<ReadyQuestion, ReadyAnswer>.question(
        "ready", "which products lack pictures, and which pictures a product")

    package static let receipt = Entry<ReceiptQuestion, ReceiptAnswer>.question(
        "receipt", "what was measured in files that left, and what each rule says to it")

    package static let upcoming = Entry<UpcomingQuestion, UpcomingAnswer>.question(
        "upcoming", "rules that begin until then, and what is live now and will fail them")

    package static let withdrawn = Entry<WithdrawnQuestion, WithdrawnAnswer>.question(
        "withdrawn", "what of a master's bytes a person has withdrawn everywhere")

    package static let quarantine = Entry<NoArguments, QuarantineAnswer>.question(
        "quarantine", "which files in the spool cannot be used, why, and what to do")

    package static let handed = Entry<ChannelOrder, HandedAnswer>.question(
        "handed", "what a person has to bring to its place on a channel, list by list")

    package static let feedEditions = Entry<ChannelOrder, FeedEditionsAnswer>.question(
        "feed/:channel/editions", "which editions of a channel's feed are kept")

    package static let feedDiff = Entry<FeedDiffQuestion, FeedDiffAnswer>.question(
        "feed/:channel/diff", "what the edition that waits would change, or the last one has")

    package static let events = Stream<EventsQuestion, Event>.question(
        "events", "events as they happen")

    package static let reload = Entry<NoArguments, ReloadAnswer>.order(
        "reload", "take new profiles")

    package static let withdraw = Entry<WithdrawOrder, DoneAnswer>.order(
        "withdraw", "take a SKU's pictures down")

    package static let reinstate = Entry<WithdrawOrder, DoneAnswer>.order(
        "reinstate", "undo the latest withdrawal")

    package static let bump = Entry<BumpOrder, DoneAnswer>.order(
        "bump", "do a SKU's pictures before all that waits")

    package static let retry = Entry<RetryOrder, DoneAnswer>.order(
        "retry", "try failed deliveries again")

    package static let hold = Entry<HoldOrder, DoneAnswer>.order("hold", "stop a channel")

    package static let resume = Entry<ChannelOrder, DoneAnswer>.order(
        "resume", "let a held channel go on")

    package static let release = Entry<ChannelOrder, DoneAnswer>.order(
        "release", "let pass what a guard has held")

    package static let feedRewind = Entry<FeedRewindOrder, DoneAnswer>.order(
        "feed/rewind", "put back an earlier edition of a channel's feed, and hold it")

    package static let done = Entry<DoneOrder, DoneAnswer>.order(
        "done", "say that what a list told of is done")

    package static let attest = Entry<AttestOrder, DoneAnswer>.order(
        "attest", "say what only a person can know: that files are gone, or there")

    package static let dismiss = Entry<DismissOrder, DoneAnswer>.order(
        "quarantine/dismiss", "let files lie that cannot be used")

    package static let forget = Entry<ForgetOrder, DoneAnswer>.order(
        "forget", "end a channel whose profile is gone")

    /// The table.
    package static let all: [Endpoint] = [
        api.endpoint, status.endpoint, why.endpoint, live.endpoint, list.endpoint, ready.endpoint,
        receipt.endpoint, upcoming.endpoint, withdrawn.endpoint, quarantine.endpoint,
        handed.endpoint, feedEditions.endpoint, feedDiff.endpoint, events.endpoint,
        reload.endpoint, withdraw.endpoint, reinstate.endpoint, bump.endpoint, retry.endpoint,
        hold.endpoint, resume.endpoint, release.endpoint, feedRewind.endpoint,
        done.endpoint, attest.endpoint, dismiss.endpoint, forget.endpoint,
    ]
}
