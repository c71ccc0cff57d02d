internal import Control
internal import Export
internal import Foundation
internal import Model
internal import Wire

/// The daemon behind the socket: what it does for each operation, and its errors as the socket words
/// them.
enum Answering {
    static func handlers(of daemon: Daemon) -> Handlers {
        var handlers = Handlers(translate: translate)
        answerQuestions(&handlers, daemon)
        carryOutOrders(&handlers, daemon)
        return handlers
    }

    private static func answerQuestions(_ handlers: inout Handlers, _ daemon: Daemon) {
        handlers.on(Operations.status) { try await daemon.status(look: $0.look) }
        handlers.on(Operations.why) {
            try await daemon.why(sku: $0.sku.composed, channel: $0.channel)
        }
        handlers.on(Operations.live) { try await daemon.live(sku: $0.sku.composed) }
        handlers.on(Operations.list) { asked in
            var question = asked
            question.sku = question.sku?.composed
            return try await daemon.list(question)
        }
        handlers.on(Operations.receipt) { try await receipts($0, daemon) }
        handlers.on(Operations.upcoming) {
            try await daemon.upcoming(until: $0.until, channel: $0.channel)
        }
        handlers.on(Operations.ready) { try await daemon.ready(channel: $0.channel) }
        handlers.on(Operations.withdrawn) { try await daemon.withdrawn(master: $0.hash) }
        handlers.on(Operations.quarantine) { _ in try await daemon.quarantined() }
        handlers.on(Operations.handed) { try await daemon.handed(on: $0.channel) }
        handlers.on(Operations.feedEditions) { try await daemon.feedEditions(on: $0.channel) }
        handlers.on(Operations.feedDiff) { try await daemon.feedDiff($0) }
        handlers.on(Operations.events) { await daemon.events(after: $0.after) }
    }

    /// The first of what is named.
    private static func receipts(
        _ asked: ReceiptQuestion, _ daemon: Daemon
    ) async throws -> ReceiptAnswer {
        if let sku = asked.sku, !sku.isEmpty {
            return try await daemon.receipts(sku: sku.composed, channel: asked.channel)
        }
        if let name = asked.name, !name.isEmpty { return try await daemon.receipts(named: name) }
        guard let hash = asked.hash else { return ReceiptAnswer(entries: []) }
        return try await daemon.receipts(of: hash)
    }

    private static func carryOutOrders(_ handlers: inout Handlers, _ daemon: Daemon) {
        handlers.on(Operations.reload) { _, who in try await daemon.reload(by: who) }
        handlers.on(Operations.withdraw) { what, who in
            try await daemon.withdraw(
                sku: what.sku.composed, view: what.view, number: what.number,
                variant: what.variant, channel: what.channel, because: what.because, by: who)
        }
        handlers.on(Operations.reinstate) { what, who in
            try await daemon.reinstate(
                sku: what.sku.composed, view: what.view, number: what.number,
                variant: what.variant, channel: what.channel, because: what.because, by: who)
        }
        handlers.on(Operations.bump) { what, who in
            try await daemon.bump(
                sku: what.sku.composed, view: what.view, number: what.number,
                variant: what.variant, channel: what.channel, by: who)
        }
        handlers.on(Operations.retry) { what, who in
            try await daemon.retry(
                channel: what.channel, sku: what.sku, cause: what.cause, by: who)
        }
        handlers.on(Operations.hold) { what, who in
            try await daemon.hold(
                channel: what.channel, because: what.because,
                everything: what.everything ?? false, by: who)
        }
        handlers.on(Operations.resume) { try await daemon.resume(channel: $0.channel, by: $1) }
        handlers.on(Operations.release) { try await daemon.release(channel: $0.channel, by: $1) }
        handlers.on(Operations.feedRewind) { try await daemon.rewindFeed($0, by: $1) }
        handlers.on(Operations.done) { what, who in
            try await daemon.done(
                channel: what.channel, manifest: what.manifest, items: what.items, by: who)
        }
        handlers.on(Operations.attest) { what, who in
            try await daemon.attest(
                channel: what.channel, items: what.items, because: what.because, by: who)
        }
        handlers.on(Operations.dismiss) { what, who in
            try await daemon.dismiss(what.all == true ? nil : what.paths, by: who)
        }
        handlers.on(Operations.forget) { what, who in
            try await daemon.forget(
                channel: what.channel, leave: what.leave ?? false, by: who)
        }
    }

    private static func translate(_ error: any Error) -> OperationError {
        switch error {
        case let error as UnknownChannel:
            return OperationError.notFound(
                "there is no channel '\(error.name)'",
                next: error.nearest.map { "did you mean '\($0)'?" }
                    ?? "'sluice status' lists them")
        case let error as NotQuarantined:
            return OperationError.notFound(
                "'\(error.path)' is not in quarantine; nothing was dismissed",
                next: error.nearest.map { "did you mean '\($0)'?" }
                    ?? "'sluice quarantine list' shows what is")
        case let error as UnknownSKU:
            return OperationError.notFound(
                "nothing is known about SKU '\(error.sku)'",
                next: error.nearest.map { "did you mean '\($0)'?" })
        case let error as NothingWithdrawn:
            let place = error.channel.map { " on '\($0)'" } ?? ""
            return OperationError.conflict(
                "nothing of '\(error.what)' is withdrawn\(place)",
                next: "'sluice why SKU' says what keeps it away")
        case let error as Declined:
            return OperationError(
                error.reason == .unknown ? 404 : 409, error.message, next: error.next)
        default:
            return OperationError.unavailable("\(error)", next: "see the daemon's log")
        }
    }
}
