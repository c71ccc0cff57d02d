import Foundation
import Testing
import Wire

@testable import sluice

/// What `status` says of a channel that was asked whether it has what it was given.
@Suite struct PatrolTextTests {
    private func text(_ edit: (inout StatusAnswer.Channel) -> Void) -> String {
        var channel = Answers.quiet
        edit(&channel)
        return StatusText.lines(Answers.status(channels: [channel]), Answers.page)
            .joined(separator: "\n")
    }

    @Test func theLastRoundAndTheOneUnderWay() {
        var record = PatrolRecord()
        var last = PatrolRound(began: Answers.ago(9000))
        (last.ended, last.looked, last.changed, last.lost) = (Answers.ago(7200), 12, 2, 1)
        record.last = last
        #expect(
            text { $0.patrol = PatrolAnswer(record, open: 0) }
                .contains("patrol: 12 files asked for, 2 changed, 1 gone, ended "))
        var round = PatrolRound(began: Answers.ago(60))
        round.looked = 1
        record = PatrolRecord()
        record.round = round
        #expect(
            text { $0.patrol = PatrolAnswer(record, open: 0) }
                .contains("patrol: 1 file asked for, all there so far"))
        #expect(!text { _ in }.contains("patrol"))
    }

    @Test func strangersAreNamedWithTheirFolders() {
        var record = PatrolRecord()
        let folders = ["sftp://a.example.com/in/", "sftp://a.example.com/in/b/", "c/", "d/"]
        record.strangers = folders.enumerated().map { number, folder in
            StrangersInFolder(
                folder: folder, names: (0...number * 6).map { "\($0).jpg" }, at: Answers.ago(60))
        }
        let text = text { $0.patrol = PatrolAnswer(record, open: 0) }
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(
            text.contains(
                "strangers: 40 files not sent from here, and left alone: '0.jpg' in "
                    + "'sftp://a.example.com/in/'; '0.jpg', '1.jpg', '2.jpg', '3.jpg', '4.jpg' and 2 more "
                    + "in 'sftp://a.example.com/in/b/'; in 2 more folders"), "\(text)")
        record.strangers = []
        #expect(!self.text { $0.patrol = PatrolAnswer(record, open: 0) }.contains("strangers"))
    }

    @Test func whatACrawlerGot() {
        let crawl = CrawlAnswer(at: Answers.ago(60), agent: "Bot/1", asked: 5, findings: [])
        #expect(text { $0.crawl = crawl }.contains("as 'Bot/1': 5 files fetched as delivered"))
    }
}
