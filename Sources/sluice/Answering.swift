internal import Control
internal import Export
internal import Foundation
internal import Model

/// The daemon behind the socket: its errors as the socket words them.
struct Answering: Operations {
    let daemon: Daemon

    func status(look: String?) async throws -> StatusAnswer {
        try await told { try await daemon.status(look: look) }
    }

    func why(sku: String, channel: String?) async throws -> WhyAnswer {
        try await told { try await daemon.why(sku: sku.composed, channel: channel) }
    }

    func live(sku: String) async throws -> LiveAnswer {
        try await told { try await daemon.live(sku: sku.composed) }
    }

    func list(_ question: ListQuestion) async throws -> ListAnswer {
        var question = question
        question.sku = question.sku?.composed
        return try await told { [question] in try await daemon.list(question) }
    }

    func receipts(sku: String, channel: String?) async throws -> ReceiptAnswer {
        try await told { try await daemon.receipts(sku: sku.composed, channel: channel) }
    }

    func receipts(named name: String) async throws -> ReceiptAnswer {
        try await told { try await daemon.receipts(named: name) }
    }

    func receipts(of hash: ContentHash) async throws -> ReceiptAnswer {
        try await told { try await daemon.receipts(of: hash) }
    }

    func upcoming(until: Horizon, channel: String?) async throws -> UpcomingAnswer {
        try await told { try await daemon.upcoming(until: until, channel: channel) }
    }

    func withdrawn(master: ContentHash) async throws -> WithdrawnAnswer {
        try await told { try await daemon.withdrawn(master: master) }
    }

    func quarantined() async throws -> QuarantineAnswer {
        try await told { try await daemon.quarantined() }
    }

    func dismiss(_ what: DismissOrder, by who: String) async throws -> DoneAnswer {
        try await told { try await daemon.dismiss(what.all == true ? nil : what.paths, by: who) }
    }

    func events(after: Int64?) async -> AsyncStream<Event> { await daemon.events(after: after) }

    func reload(by who: String) async throws -> ReloadAnswer {
        try await told { try await daemon.reload(by: who) }
    }

    func withdraw(_ what: WithdrawOrder, by who: String) async throws -> DoneAnswer {
        try await told {
            try await daemon.withdraw(
                sku: what.sku.composed, view: what.view, number: what.number,
                variant: what.variant, channel: what.channel, because: what.because, by: who)
        }
    }

    func retry(channel: String, cause: String?, by who: String) async throws -> DoneAnswer {
        try await told { try await daemon.retry(channel: channel, cause: cause, by: who) }
    }

    func reinstate(_ what: WithdrawOrder, by who: String) async throws -> DoneAnswer {
        try await told {
            try await daemon.reinstate(
                sku: what.sku.composed, view: what.view, number: what.number,
                variant: what.variant, channel: what.channel, because: what.because, by: who)
        }
    }

    func hold(_ what: HoldOrder, by who: String) async throws -> DoneAnswer {
        try await told {
            try await daemon.hold(
                channel: what.channel, because: what.because,
                everything: what.everything ?? false, by: who)
        }
    }

    func resume(channel: String, by who: String) async throws -> DoneAnswer {
        try await told { try await daemon.resume(channel: channel, by: who) }
    }

    func release(channel: String, by who: String) async throws -> DoneAnswer {
        try await told { try await daemon.release(channel: channel, by: who) }
    }

    func forget(channel: String, leave: Bool, by who: String) async throws -> DoneAnswer {
        try await told { try await daemon.forget(channel: channel, leave: leave, by: who) }
    }

    private func told<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as UnknownChannel {
            throw OperationError.notFound(
                "there is no channel '\(error.name)'",
                next: error.nearest.map { "did you mean '\($0)'?" }
                    ?? "'sluice status' lists them")
        } catch let error as NotQuarantined {
            throw OperationError.notFound(
                "'\(error.path)' is not in quarantine; nothing was dismissed",
                next: error.nearest.map { "did you mean '\($0)'?" }
                    ?? "'sluice quarantine list' shows what is")
        } catch let error as UnknownSKU {
            throw OperationError.notFound(
                "nothing is known about SKU '\(error.sku)'",
                next: error.nearest.map { "did you mean '\($0)'?" })
        } catch let error as NothingWithdrawn {
            let place = error.channel.map { " on '\($0)'" } ?? ""
            throw OperationError.conflict(
                "nothing of '\(error.what)' is withdrawn\(place)",
                next: "'sluice why SKU' says what keeps it away")
        } catch let error as Declined {
            throw OperationError(
                error.reason == .unknown ? 404 : 409, error.message, next: error.next)
        } catch {
            throw OperationError.unavailable("\(error)", next: "see the daemon's log")
        }
    }
}
