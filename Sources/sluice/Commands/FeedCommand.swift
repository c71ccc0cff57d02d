internal import ArgumentParser
internal import Foundation
internal import SocketClient
internal import Wire

struct FeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed",
        abstract: "A channel's feed: its editions, what one changes, and an earlier one again.",
        subcommands: [List.self, Diff.self, Rewind.self])

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

    struct Rewind: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put back an earlier edition, and hold the feed.",
            discussion: """
                For when nonsense was published. The edition goes out again with the pictures it names; \
                if the channel does not have all of them any more, or may not show one, it says which, \
                and does nothing. Then others wait until 'sluice release CHANNEL', and what must go \
                leaves the feed all the same. --dry-run shows what would change; exit status 1 when \
                pictures are gone.
                """)

        @OptionGroup var options: Options
        @Flag(help: "Only show what would change.") var dryRun = false
        @Flag(help: "Without pictures that are gone, and without items that need them.")
        var reduced = false
        @Argument(help: "The channel.") var channel: String
        @Argument(help: "Its number, as 'sluice feed list' shows it.") var edition: Int

        func run() async throws {
            guard dryRun else {
                return try await order(
                    options, Operations.feedRewind,
                    FeedRewindOrder(
                        channel: channel, edition: edition, reduced: reduced ? true : nil))
            }
            let question = FeedDiffQuestion(channel, edition: edition)
            let answer = try await ask(options, Operations.feedDiff, question) { answer, page in
                FeedText.difference(answer, page)
            }
            try needPerson(if: answer.gone != nil && !reduced)
        }
    }

    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What would the edition that waits change, or has the last one changed?",
            discussion: """
                Items that come, go or change, by SKU, against what the channel has: how many, and \
                the first of each. --all names all of them; with --json then one a line. --edition: \
                what putting back an earlier one would change. Exit status 1 when the edition is held.
                """)

        @OptionGroup var options: Options
        @Flag(help: "Name all items.") var all = false
        @Option(help: "An earlier edition, as if it were put back.") var edition: Int?
        @Argument(help: "The channel.") var channel: String

        func run() async throws {
            let answer =
                all
                ? try await showAll()
                : try await ask(
                    options, Operations.feedDiff, FeedDiffQuestion(channel, edition: edition)
                ) { answer, page in
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
                    Operations.feedDiff, FeedDiffQuestion(channel, limit: most, edition: edition))
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
