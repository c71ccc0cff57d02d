internal import Foundation
internal import Model
internal import Wire

/// `sluice receipt`: which bytes, made of what, and every demand with what was measured.
struct ReceiptText {
    let subject: String
    let page: Page

    func lines(_ answer: ReceiptAnswer) -> [String] {
        guard !answer.entries.isEmpty else {
            let near = answer.nearest.map { "; did you mean '\($0)'?" } ?? ""
            return ["nothing is known of '\(Words.plain(subject))'\(near)"]
        }
        return answer.entries.flatMap(entry) + [page.zoneLine]
    }

    static func passes(_ entry: ReceiptAnswer.Entry) -> Bool {
        entry.refusal == nil && checks(entry).allSatisfy(\.passed)
    }

    /// What is in force, where that is known.
    private static func checks(_ entry: ReceiptAnswer.Entry) -> [Check] {
        entry.now.isEmpty ? entry.judgements.first?.checks ?? [] : entry.now
    }

    private func entry(_ entry: ReceiptAnswer.Entry) -> [String] {
        let light = page.light(Self.passes(entry) ? .green : .red)
        let title = [entry.asset, entry.channel.map { "on \($0)" }].compactMap(\.self)
        let place = [entry.slot, entry.name].compactMap(\.self).joined(separator: " ")
        let head = page.paint(
            Words.plain(title.isEmpty ? "a file nobody wants now" : title.joined(separator: " ")),
            .bold)
        return [
            "\(light) \(head): \(entry.state.rawValue)"
                + (place.isEmpty ? "" : "  \(Words.plain(place))")
        ]
            + identity(entry) + refusal(entry.refusal)
            + CheckText(page: page).lines(Self.checks(entry))
            + judged(entry)
            + attested(entry)
    }

    private func attested(_ entry: ReceiptAnswer.Entry) -> [String] {
        (entry.attestations ?? []).flatMap { each in
            page.wrap(
                "\(each.isGone ? "gone from" : "there on") '\(each.channel)' as \(each.who) said on "
                    + "\(page.moment(each.at, seconds: false)): \(each.because)",
                lead: "    said      ")
        }
    }

    private func identity(_ entry: ReceiptAnswer.Entry) -> [String] {
        var lines: [String] = []
        if let receipt = entry.receipt {
            lines += page.wrap(receipt.sha256.rawValue, lead: "    sha256    ")
            lines += page.wrap(Self.measured(receipt), lead: "    measured  ")
            let versions = receipt.renderer.sorted { $0.key < $1.key }
                .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            lines += page.wrap(versions, lead: "    made by   ", .dim)
        }
        let approval = entry.approvedBy.map { by in
            ", approved by \(by)"
                + (entry.approvedAt.map { " on \(page.moment($0, seconds: false))" } ?? "")
        }
        return lines + page.wrap(entry.master.short + (approval ?? ""), lead: "    master    ")
    }

    private func refusal(_ gate: Gate?) -> [String] {
        guard let gate else { return [] }
        let place = gate.place.map { page.wrap("\($0)", lead: "      demanded by ", .dim) } ?? []
        return page.wrap(gate.message, lead: "    refused   ", .red) + place
    }

    private func judged(_ entry: ReceiptAnswer.Entry) -> [String] {
        guard let last = entry.judgements.first else { return [] }
        let when = page.moment(last.at, seconds: false)
        let changed =
            entry.now.isEmpty ? "" : "; what you see is what the profile in force says now"
        return page.wrap(
            "judged \(when) by revision \(last.revision.short)\(changed)", lead: "    ", .dim)
    }

    static func measured(_ receipt: Receipt) -> String {
        let quality = receipt.quality.map { ", quality \($0)" } ?? ""
        let fill = receipt.measurement?.fill(.side).map { ", product fills \(share($0))" } ?? ""
        let shift = receipt.colorShift.map { ", colour shift \(decimal($0.mean))" } ?? ""
        return
            "\(receipt.format.rawValue) \(receipt.size), \(Words.number(Int(receipt.bytes))) bytes"
            + quality + fill + shift
    }

    /// 0.853 is `85.3 %`.
    static func share(_ value: Double) -> String { "\(decimal(value * 100)) %" }

    static func decimal(_ value: Double) -> String {
        let tenths = (value * 10).rounded() / 10
        return tenths == tenths.rounded() && abs(tenths) < 1e15 ? "\(Int(tenths))" : "\(tenths)"
    }
}
