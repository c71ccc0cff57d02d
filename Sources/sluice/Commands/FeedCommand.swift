internal import ArgumentParser
internal import Foundation
internal import SocketClient
internal import Wire

struct FeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed",
        abstract: "A channel's feed: its editions, and what the next one changes.",
        subcommands: [List.self, Diff.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Which editions are kept?",
            discussion: "When they were made, how many items each has, what became of it.")

        @OptionGroup var options: Options
        @Argument(help: "The channel.") var channel: String

        func run() async throws {
            _ = try await ask(options, Operations.feedEditions, ChannelOrder(channel: channel)) {
                answer, page in
                FeedText.editions(answer, page)
            }
        }
    }

    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What would the edition that waits change, or has the last one changed?",
            discussion: """
                Items that come, go or change, by SKU, against what the channel has: how many, and \
                the first of each. --all names all of them; with --json then one a line. Exit status \
                1 when the edition is held.
                """)

        @OptionGroup var options: Options
        @Flag(help: "Name all items.") var all = false
        @Argument(help: "The channel.") var channel: String

        func run() async throws {
            let answer =
                all
                ? try await showAll()
                : try await ask(options, Operations.feedDiff, FeedDiffQuestion(channel)) {
                    answer, page in
                    FeedText.difference(answer, page)
                }
            try needPerson(if: answer.new.state == .held)
        }

        private func showAll() async throws(Failure) -> FeedDiffAnswer {
            let client = try options.client()
            let page = try options.page()
            let most = FeedDiffQuestion.most
            do throws(Client.Failure) {
                var answer = try await client.call(
                    Operations.feedDiff, FeedDiffQuestion(channel, limit: most))
                if !options.json { Console.show(FeedText.head(answer, page)) }
                // What is named so far, unless there is more: then all of it, in its order.
                if let after = answer.after {
                    answer = try await client.call(
                        Operations.feedDiff, FeedDiffQuestion(channel, limit: most, after: after))
                }
                while show(answer.items, page), let after = answer.after {
                    answer = try await client.call(
                        Operations.feedDiff, FeedDiffQuestion(channel, limit: most, after: after))
                }
                if !options.json { Console.show(FeedText.next(answer, page)) }
                return answer
            } catch {
                throw Failure(error)
            }
        }

        /// - Returns: false when nobody reads any more.
        private func show(_ items: [FeedDiffAnswer.Item], _ page: Page) -> Bool {
            guard options.json else { return Console.show(FeedText.items(items, page)) }
            let lines = items.compactMap { try? SocketFormat.encode($0) + Data("\n".utf8) }
            return Console.write(lines.reduce(into: Data()) { $0 += $1 })
        }
    }
}
