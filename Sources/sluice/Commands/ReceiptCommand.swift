internal import ArgumentParser
internal import Control
internal import Foundation
internal import Host
internal import Model

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
        let query = try await query()
        let answer = try await ask(options, ReceiptAnswer.self) {
            client async throws(Client.Failure) in
            try await answered(client, query)
        } text: { answer, page in
            ReceiptText(subject: subject, page: page).lines(answer)
        }
        if answer.entries.isEmpty { throw ExitCode(2) }
        try needPerson(if: !answer.entries.allSatisfy(ReceiptText.passes))
    }

    /// A SKU that is none may be a name: both are asked before nothing is said to be known.
    private func answered(
        _ client: Client, _ query: [(String, String?)]
    ) async throws(Client.Failure) -> Data {
        let data = try await client.get("/v1/receipt", query: query)
        guard query[0].0 == "sku",
            try client.decode(ReceiptAnswer.self, data).entries.isEmpty
        else { return data }
        let named = try await client.get("/v1/receipt", query: [("name", subject)])
        return try client.decode(ReceiptAnswer.self, named).entries.isEmpty ? data : named
    }

    private func query() async throws -> [(String, String?)] {
        if let hash = ContentHash(rawValue: subject) { return [("hash", hash.rawValue)] }
        var isDirectory = ObjCBool(false)
        if FileManager.default.fileExists(atPath: subject, isDirectory: &isDirectory),
            !isDirectory.boolValue
        {
            let path = subject
            let digest = try await Lane("hash").run { () throws(HostError) in
                try Files.digest(path: path)
            }
            return [("hash", digest.sha256.rawValue)]
        }
        if subject.contains("://") { return [("name", subject)] }
        return [("sku", subject), ("channel", channel)]
    }
}
