import Foundation
import Testing
import Wire

@testable import sluice

@Suite struct FeedTextTests {
    private func edition(
        _ number: Int, _ state: FeedEdition.State, because: String? = nil
    ) -> FeedEdition {
        FeedEdition(
            number: number, state: state, items: 10 - number, bytes: 1000,
            madeAt: Answers.ago(60),
            publishedAt: state == .published ? Answers.ago(3600) : nil, because: because)
    }

    private var answer: FeedDiffAnswer {
        FeedDiffAnswer(
            channel: "shop", old: edition(1, .published),
            new: edition(2, .held, because: "it shrinks"),
            counts: .init(removed: 30, added: 0, changed: 1, same: 1200),
            items: [
                .init(
                    change: "changed", sku: "A1", id: "7",
                    attributes: [.init(name: "title", old: "Mug", new: nil)]),
                .init(change: "removed", sku: "B1", id: nil, attributes: nil),
            ], after: "1.2.0.0")
    }

    @Test func aDifferenceSaysHowMuchAndWhatToDo() {
        let lines = FeedText.difference(answer, Answers.page)
        #expect(
            lines.prefix(2) == [
                "feed of 'shop': edition 2 (held, made 2025-11-24 16:59:00)",
                "  against edition 1 (published, 2025-11-24 16:00:00)",
            ])
        #expect(lines[2] == "  it shrinks")
        #expect(lines[3] == "  30 removed, 0 added, 1 changed, 1,200 the same")
        #expect(lines[4] == "  removed  B1")
        #expect(lines[5] == "  changed  A1 (7)  title: 'Mug' → nothing")
        #expect(lines[6] == "  and 29 more: 'sluice feed diff shop --all'")
        #expect(lines[7].contains("'sluice release shop'"))
    }

    @Test func anEarlierEditionIsSaidToBePutBack() {
        var answer = answer
        answer.old = edition(3, .published)
        answer.new = edition(2, .earlier)
        var lines = FeedText.difference(answer, Answers.page)
        #expect(lines.contains("  and 29 more: 'sluice feed diff shop --edition 2 --all'"))
        #expect(lines.suffix(2).first?.contains("'sluice feed rewind shop 2'") == true, "\(lines)")
        answer.gone = .init(items: 12, lost: 3, skus: ["A1", "B1"])
        lines = FeedText.difference(answer, Answers.page)
        let text = lines.suffix(4).joined(separator: " ")
        #expect(text.contains("in 12 items: A1, B1 and 10 more"), "\(lines)")
        #expect(text.contains("--reduced"), "\(lines)")
    }

    @Test func editionsAreListed() {
        let lines = FeedText.editions(
            FeedEditionsAnswer(
                channel: "shop",
                editions: [edition(2, .held, because: "it shrinks"), edition(1, .published)]),
            Answers.page)
        #expect(lines[0] == "  2  2025-11-24 16:59:00  8 items  held       it shrinks")
        #expect(lines[1] == "  1  2025-11-24 16:00:00  9 items  published")
        #expect(lines[2].contains("'sluice feed diff shop'"))
    }
}
