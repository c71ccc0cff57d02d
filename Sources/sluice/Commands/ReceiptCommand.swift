internal import ArgumentParser
internal import Foundation
internal import Host
internal import Model
internal import SocketClient
internal import Wire

struct ReceiptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt",
        abstract: "What was measured in a file that left, and what each rule says to it.",
        discussion: """
            Of a SKU, of a name on a channel (its last part is enough), of the address that \
            'sluice live' prints, of a file you have here, or of its SHA-256. Exit status 1 when something does not pass, 2 when nothing is known of it.
            """)

    @OptionGroup var options: Options
    @Option(help: "One channel of a SKU; all when not given.") var channel: String?
    @Argument(help: "A SKU, a file's name or address, a file here, or a SHA-256.")
    var subject: String

    func run() async throws {
        let question = try await question()
        let answer = try await ask(options) { answer, page in
            ReceiptText(subject: subject, page: page).lines(answer)
        } asking: { client async throws(Client.Failure) in
            try await reply(to: question, client)
        }
        if answer.entries.isEmpty { throw ExitCode(2) }
        try needPerson(if: !answer.entries.allSatisfy(ReceiptText.passes))
    }

    /// A SKU that is none may be a name: both are asked before nothing is said to be known.
    private func reply(
        to question: ReceiptQuestion, _ client: Client
    ) async throws(Client.Failure) -> Client.Reply<ReceiptAnswer> {
        let reply = try await client.reply(to: Operations.receipt, question)
        guard question.sku != nil, reply.answer.entries.isEmpty else { return reply }
        let named = try await client.reply(
            to: Operations.receipt, ReceiptQuestion(name: subject))
        return named.answer.entries.isEmpty ? reply : named
    }

    private func question() async throws -> ReceiptQuestion {
        if let hash = ContentHash(rawValue: subject) { return ReceiptQuestion(hash: hash) }
        var isDirectory = ObjCBool(false)
        if FileManager.default.fileExists(atPath: subject, isDirectory: &isDirectory),
            !isDirectory.boolValue
        {
            let path = subject
            let digest = try await Lane("hash").run { () throws(HostError) in
                try Files.digest(path: path)
            }
            return ReceiptQuestion(hash: digest.sha256)
        }
        if subject.contains("://") { return ReceiptQuestion(name: subject) }
        return ReceiptQuestion(sku: subject, channel: channel)
    }
}
