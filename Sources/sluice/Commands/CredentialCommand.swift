internal import ArgumentParser
internal import Foundation
internal import Host
internal import Model
internal import Transports

struct CredentialCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credential",
        abstract: "Store a secret that a profile names, or list them.",
        discussion: """
            Reads the secret from standard input: a password, token or passphrase of one line, or a \
            private key ('sluice credential NAME < FILE'); on a terminal it is typed twice and not \
            shown. It is put where the daemon looks, readable by its group alone; a running daemon \
            takes it by itself. --list never shows what they hold.
            """)

    @OptionGroup var options: Options
    @Flag(help: "List the credentials there are, and who uses each.") var list = false
    @Argument(help: "The name, as in 'credential:NAME'.") var name: String?

    func validate() throws {
        guard list == (name == nil) else {
            throw ValidationError("name one credential, or ask for --list")
        }
    }

    func run() async throws {
        let configuration = try options.configuration()
        let uses = try CredentialUses(options, configuration)
        guard let name else {
            let entries = try CredentialStore(configuration.credentials).entries(uses)
            return try show(entries)
        }
        let store = CredentialStore(configuration.credentials)
        do throws(DeliveryError) { try Credentials.check(name) } catch {
            throw Failure.couldNot(error.message)
        }
        try store.refuseWhatSystemdHolds(name)
        let secret = try SecretInput.read(name)
        do throws(DeliveryError) { try Credentials.check(secret, as: name) } catch {
            throw Failure.couldNot(error.message)
        }
        try store.write(secret, as: name)
        let report = CredentialReport(
            name: name, file: store.path(name), usedBy: uses.users(of: name),
            problems: uses.problems(with: name))
        if options.json {
            try Console.write(json: report)
        } else {
            Console.show(CredentialText.lines(report, .standard()))
        }
        try needPerson(if: !report.problems.isEmpty)
    }

    private func show(_ entries: [CredentialEntry]) throws {
        if options.json {
            try Console.write(json: entries)
        } else {
            Console.show(CredentialText.lines(entries, .standard()))
        }
        try needPerson(if: entries.contains { !$0.isThere })
    }
}

struct CredentialReport: Encodable {
    var name: String
    var file: String
    var usedBy: [String]
    /// What those who use it say to it.
    var problems: [String]
}

struct CredentialEntry: Encodable, Equatable {
    var name: String
    var isThere: Bool
    var usedBy: [String]
}
