internal import Model
internal import Wire

/// `sluice ready`, for people: what is missing, and where its names are.
struct ReadyText {
    let page: Page

    func lines(_ answer: ReadyAnswer) -> [String] {
        var lines: [String] = []
        if answer.orphans > 0 {
            lines += line(
                answer.orphans, "picture", "whose SKU no product table has", "orphans")
        }
        if answer.nowhere > 0 {
            lines += line(answer.nowhere, "product", "that no channel has a file of", "nowhere")
        }
        for channel in answer.channels {
            let option = " --channel \(channel.channel.shellWord)"
            if channel.unpictured > 0 {
                lines += line(
                    channel.unpictured, "picture", "that '\(channel.channel)' requires and lacks",
                    "unpictured\(option)")
            }
            if channel.leftOut > 0 {
                lines += line(
                    channel.leftOut, "product", "left out of the feed of '\(channel.channel)'",
                    "left-out\(option)")
            }
        }
        return lines.isEmpty
            ? ["\(page.light(.green)) every product has its pictures, every picture its product"]
            : lines
    }

    private func line(_ count: Int, _ one: String, _ what: String, _ list: String) -> [String] {
        let more = count == ReadyAnswer.most ? " or more" : ""
        return page.wrap(
            "\(Amount.count(count, one))\(more) \(what): sluice list \(list)",
            lead: "\(page.light(.yellow)) ")
    }
}
