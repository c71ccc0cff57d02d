internal import ArgumentParser
internal import Foundation
internal import Model
internal import SocketClient
internal import Wire

struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what a number of 'sluice status' counts.",
        discussion: """
            KIND is one of \(kinds.joined(separator: ", ")). 'due' is what 'sluice release' would \
            let pass, 'held' what of it a guard holds now. With --json, and where the output is \
            no terminal, one entry a line.
            """)

    private static let kinds = ListAnswer.Kind.allCases.map(\.rawValue)

    @OptionGroup var options: Options
    @Argument(help: "What to list.") var kind: String
    @Option(help: "One channel; all when not given.") var channel: String?
    @Option(help: "With 'refused': one gate, such as compliance.") var gate: String?
    @Option(help: "One SKU; all when not given.") var sku: String?

    func validate() throws {
        try Self.mustKnow(kind, "list", Self.kinds)
        guard let gate else { return }
        guard kind == ListAnswer.Kind.refused.rawValue else {
            throw ValidationError("--gate goes with 'sluice list refused'")
        }
        try Self.mustKnow(gate, "gate", Gate.Kind.allCases.map(\.rawValue))
    }

    func run() async throws {
        guard let kind = ListAnswer.Kind(rawValue: kind) else { return }
        let question = ListQuestion(
            kind, channel: channel, gate: gate.flatMap(Gate.Kind.init), sku: sku)
        try await Pages(options: options).show(question)
    }

    private static func mustKnow(_ word: String, _ what: String, _ known: [String]) throws {
        guard !known.contains(word) else { return }
        let near = Spelling.nearest(to: word, among: known).map { "; did you mean '\($0)'?" }
        throw ValidationError(
            "there is no \(what) '\(word)'" + (near ?? "; one of \(known.joined(separator: ", "))"))
    }
}

/// Asks for page after page and shows each as it comes.
struct Pages {
    let options: Options

    /// - Parameter before: no page of the list, and shown as one in front of it.
    /// - Returns: how many entries there were.
    @discardableResult
    func show(
        _ question: ListQuestion, before: [ListAnswer.Entry] = []
    ) async throws(Failure) -> Int {
        let client = try options.client()
        let page = try options.page()
        var question = question
        var count = before.count
        guard before.isEmpty || show(ListAnswer(entries: before, after: nil), page) else {
            return count
        }
        repeat {
            let answer: ListAnswer
            do throws(Client.Failure) {
                answer = try await client.call(Operations.list, question)
            } catch {
                throw Failure(error)
            }
            count += answer.entries.count
            question.after = answer.after
            guard show(answer, page) else { return count }
        } while question.after != nil
        if !options.json, Console.isTerminal {
            Console.show(ListText.summary(question, count, page))
        }
        return count
    }

    /// - Returns: false when nobody reads any more.
    private func show(_ answer: ListAnswer, _ page: Page) -> Bool {
        guard options.json else {
            return Console.show(ListText.lines(answer, page, wraps: Console.isTerminal))
        }
        let lines = answer.entries.compactMap { try? SocketFormat.encode($0) + Data("\n".utf8) }
        return Console.write(lines.reduce(into: Data()) { $0 += $1 })
    }
}
