internal import ArgumentParser
internal import Bookkeeping
internal import Export
internal import Foundation
internal import Host
internal import Model
internal import Wire

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "The daemon's memory, when it is lost or damaged.",
        subcommands: [Restore.self])

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a snapshot of the ledger in its place.",
            discussion: """
                The daemon must be stopped. What is in the ledger's place is kept aside. Afterwards \
                every channel stands still, because what happened since the snapshot is not known: \
                look at 'sluice status', give decisions that are missing again, then \
                'sluice resume ledger'.
                """)

        @OptionGroup var options: Options
        @Argument(help: "The snapshot, as 'sluice status' or the daemon's log names it.")
        var snapshot: String

        func run() async throws {
            let state = try options.configuration().state
            let lock = try lock(state)
            let restored: Ledger.Restored
            do throws(LedgerError) {
                restored = try Ledger.restore(snapshot, in: state, at: WallClock.system.now())
            } catch {
                throw Failure.couldNot(
                    error.message, next: "what was in the ledger's place is still there")
            }
            let words = Recovery.words(restored.loss, state: state)
            let aside = restored.aside.map { "; what was in its place is in '\($0)'" } ?? ""
            let answer = DoneAnswer(done: "\(words)\(aside). Start the daemon first", count: 1)
            if options.json {
                try Console.write(json: answer)
            } else {
                Console.show(Page.standard().wrap(answer.done))
            }
            _ = consume lock
        }

        private func lock(_ state: String) throws(Failure) -> FileLock {
            guard Files.exists(state) else {
                throw .couldNot("there is no state directory '\(state)'")
            }
            do throws(HostError) {
                let path = state + "/lock"
                if let lock = try FileLock(path) {
                    try Files.give(path, toOwnerOf: state)
                    return lock
                }
            } catch {
                throw .couldNot("\(error)", next: "as root: 'sudo sluice ledger restore …'")
            }
            throw .couldNot(
                "a daemon works on '\(state)'", next: "stop it first: 'systemctl stop sluice'")
        }
    }
}
