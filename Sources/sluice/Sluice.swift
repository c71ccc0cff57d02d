// What people run: `sluice run` is the daemon, every other command asks it over its socket or
// works without one. Promises one exit status for one meaning (0 fine, 1 a person is needed, 2
// could not do it, 64 usage, 78 bad configuration) and the daemon's own answer with `--json`.
// The work is in Export and Control; here are arguments, configuration and what people read.

internal import ArgumentParser
internal import Foundation
internal import Host

@main
struct SluiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sluice",
        abstract: "Keeps approved product media true on every channel.",
        discussion: """
            Exit status: 0 fine, 1 a person is needed, 2 could not do it, 64 usage, \
            78 bad configuration.
            """,
        version: version,
        groupedSubcommands: [
            CommandGroup(name: "The daemon", subcommands: [Run.self, Reload.self]),
            CommandGroup(
                name: "What is",
                subcommands: [
                    Status.self, List.self, Why.self, Live.self, QuarantineCommand.self,
                    ReceiptCommand.self, Upcoming.self, Ready.self, FeedCommand.self,
                    Watch.self, API.self,
                ]),
            CommandGroup(
                name: "Profiles and files",
                subcommands: [
                    CheckCommand.self, PreflightCommand.self, Test.self, Render.self,
                    ProofCommand.self, ProbeCommand.self, CredentialCommand.self,
                    Approve.self,
                ]),
            CommandGroup(
                name: "What shall be",
                subcommands: [
                    Withdraw.self, Reinstate.self, Bump.self, Retry.self, Hold.self,
                    Resume.self, Release.self, Done.self, Attest.self, Forget.self,
                ]),
            CommandGroup(name: "When the ledger is lost", subcommands: [LedgerCommand.self]),
        ])

    static let version = "0.1"

    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        if let complaint = Mistyped.complaint(words, below: Self.self) {
            Console.complain(Failure(status: 64, message: complaint))
            Foundation.exit(64)
        }
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Console.complain(failure)
            OwnProcess.leave(failure.status)
        } catch let code as ExitCode {
            OwnProcess.leave(code.rawValue)
        } catch {
            exit(withError: error)
        }
        OwnProcess.leave(0)
    }
}
