import Foundation
import Testing
import Wire

@testable import sluice

/// What `sluice ready` says.
@Suite struct ReadyTextTests {
    private let text = ReadyText(page: Page(width: 100, colour: false, zone: .gmt))

    @Test func whatIsMissingIsCountedWithWhereItsNamesAre() {
        let answer = ReadyAnswer(
            orphans: 1, nowhere: ReadyAnswer.most,
            channels: [.init(channel: "web", unpictured: 2, leftOut: 3)])
        #expect(!answer.isReady)
        #expect(
            text.lines(answer).map { String($0.dropFirst(2)) } == [
                "1 picture whose SKU no product table has: sluice list orphans",
                "10,000 products or more that no channel has a file of: sluice list nowhere",
                "2 pictures that 'web' requires and lacks: sluice list unpictured --channel web",
                "3 products left out of the feed of 'web': sluice list left-out --channel web",
            ])
        let ready = ReadyAnswer(orphans: 0, nowhere: 0, channels: [])
        #expect(ready.isReady && text.lines(ready).count == 1)
    }
}
