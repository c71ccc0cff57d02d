internal import ArgumentParser
internal import Foundation
internal import Host
internal import Intake
internal import SocketClient
internal import Wire

struct Done: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say that what was handed over to a person is done.",
        discussion: """
            For channels where a person does the last step ('hand:' in the profile). Shows what their \
            manifest tells of and asks; what came after it stays handed over. With names or SKUs, or \
            a file of them, only those.
            """)

    @OptionGroup var options: Options
    @Option(help: "Which manifest, by its number; not needed while only one is open.")
    var manifest: Int?
    @Option(help: "A list of names and SKUs, or a manifest without the lines that are not done.")
    var file: String?
    @Flag(help: "Only show what is handed over.") var dryRun = false
    @Flag(help: "Do not ask.") var yes = false
    @Argument(help: "The channel.") var channel: String
    @Argument(help: "Names and SKUs; all when not given.") var items: [String] = []

    func validate() throws {
        guard file == nil || items.isEmpty else {
            throw ValidationError("either --file or names and SKUs")
        }
    }

    func run() async throws {
        let list = try list()
        let client = try options.client()
        var handed: HandedAnswer
        do throws(Client.Failure) {
            handed = try await client.call(Operations.handed, ChannelOrder(channel: channel))
        } catch {
            throw Failure(error)
        }
        if dryRun { return try show(handed) }
        handed.manifests = try chosen(handed, list)
        if !yes {
            guard Console.mayAsk, !options.json else {
                throw Failure(
                    status: 64, message: "nobody can be asked here whether it is done",
                    next: "say --yes; --dry-run shows what it is")
            }
            try show(handed, of: list?.items)
            try needPerson(if: !Console.ask("is that done?"))
        }
        try await order(handed.manifests.map(\.number), list?.items, client)
    }

    private func list() throws(Failure) -> DoneList? {
        guard let file else { return items.isEmpty ? nil : DoneList(items: items) }
        let list: DoneList
        do throws(HostError) {
            list = try DoneList.read(file)
        } catch {
            throw .couldNot("'\(file)' cannot be read: \(error)")
        }
        guard !list.items.isEmpty else { throw .couldNot("'\(file)' names nothing") }
        return list
    }

    /// One where all of it is meant: what came after the one that somebody worked from is not done.
    private func chosen(
        _ handed: HandedAnswer, _ list: DoneList?
    ) throws(Failure) -> [HandedAnswer.Manifest] {
        guard !handed.manifests.isEmpty else {
            throw .couldNot("nothing of '\(channel)' is handed over", next: "sluice status")
        }
        let named = manifest.map { [$0] } ?? list.map { Array($0.manifests) } ?? []
        let chosen = handed.manifests.filter { named.isEmpty || named.contains($0.number) }
        let open = handed.manifests.map { "\($0.number)" }.joined(separator: ", ")
        guard !chosen.isEmpty else {
            let asked = named.sorted().map { "\($0)" }.joined(separator: ", ")
            throw .couldNot(
                "manifest \(asked) of '\(channel)' tells of nothing that is still to be done",
                next: "open: \(open)")
        }
        guard chosen.count == 1 || list != nil else {
            throw .couldNot(
                "\(chosen.count) manifests of '\(channel)' are open: \(open)",
                next: "say which is done: sluice done \(channel) --manifest \(chosen[0].number)")
        }
        return chosen
    }

    private func show(_ handed: HandedAnswer, of items: [String]? = nil) throws {
        if options.json { return try Console.write(json: handed) }
        Console.show(HandedText.lines(handed, of: items, try options.page()))
    }

    private func order(
        _ manifests: [Int], _ items: [String]?, _ client: Client
    ) async throws {
        var all = DoneAnswer(done: "", count: 0)
        for part in OrderParts.of(items) {
            // A product's files may stand in several lists.
            var rest = part
            for number in manifests {
                let order = DoneOrder(channel: channel, manifest: number, items: part)
                let answer: DoneAnswer
                do throws(Client.Failure) {
                    answer = try await client.call(Operations.done, order)
                } catch {
                    throw Failure(error)
                }
                rest = rest?.filter { answer.unmatched?.contains($0) == true }
                all.add(answer)
            }
            all.leaveOut(rest)
        }
        guard all.count > 0 else {
            throw Failure.couldNot(
                "nothing of that is handed over on '\(channel)'",
                next: "sluice done \(channel) --dry-run")
        }
        try HandedText.show(all, options)
    }
}

struct Attest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what only a person can know: that files are gone, or there.",
        discussion: """
            What must go and cannot be proven absent (a channel that answers no more, one that does \
            not show its files) stays red until somebody says that it is gone. What was sent and \
            cannot be found there is taken for live. Who said so, when and why is kept in receipts \
            and history.
            """)

    @OptionGroup var options: Options
    @Option(help: "How that is known; it is kept.") var because: String
    @Flag(help: "Do not ask.") var yes = false
    @Argument(help: "The channel.") var channel: String
    @Argument(help: "Names and SKUs; all that must go when not given.") var items: [String] = []

    func validate() throws {
        guard because.contains(where: { !$0.isWhitespace }) else {
            throw ValidationError("--because wants a reason")
        }
    }

    func run() async throws {
        if items.isEmpty, !yes {
            guard Console.mayAsk, !options.json else {
                throw Failure(
                    status: 64, message: "nobody can be asked here whether all of it is gone",
                    next:
                        "name it, or say --yes; 'sluice list must-go --channel \(channel)' shows all "
                        + "of it")
            }
            let count = try await Pages(options: options).show(
                ListQuestion(.mustGo, channel: channel))
            // An old place stands in no list.
            let old = "whatever 'sluice status' says lies at an old place of '\(channel)'"
            try needPerson(
                if: !Console.ask(
                    count > 0
                        ? "is all of that gone from '\(channel)', and \(old)?" : "is gone \(old)?"))
        }
        let order = AttestOrder(
            channel: channel, items: items.isEmpty ? nil : items, because: because)
        let client = try options.client()
        let answer: DoneAnswer
        do throws(Client.Failure) {
            answer = try await client.call(Operations.attest, order)
        } catch {
            throw Failure(error)
        }
        try HandedText.show(answer, options)
    }
}
