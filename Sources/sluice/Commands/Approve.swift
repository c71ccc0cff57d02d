internal import ArgumentParser
internal import Control
internal import Foundation
internal import Intake
internal import Model

struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Approve pictures: writes the sidecar, with the hash of these very bytes.",
        discussion: """
            Needs no daemon; a running one sees the sidecar by itself. A later approval orders \
            before an earlier one; --seq orders before both.
            """)

    @OptionGroup var options: Options
    @Option(help: "Who approves; else the account that calls.") var by: String?
    @Option(help: "Order among approvals of one picture; higher is newer.") var seq: Int?
    @Option(help: "The SKU, where no sidecar says it.") var sku: [String] = []
    @Option(help: "The view, such as detail-2, where no sidecar says it.") var view: String?
    @Argument(help: "Pictures in the spool.") var files: [String]

    func run() async throws {
        let settings = try Self.settings(options)
        let name = by ?? Accounts.name(ofUser: getuid())
        var lines: [String] = []
        for file in files {
            do throws(IntakeError) {
                let written = try SidecarWriter.approve(
                    file: file, by: name, at: Date(), seq: seq, sku: sku, view: view, in: settings)
                lines.append("approved '\(file)' by \(name): '\(written.path)'")
                if written.isWithdrawn {
                    lines.append("  it still says 'withdrawn': the approval does not undo that")
                }
            } catch {
                Console.show(lines)
                throw Failure.couldNot(error.message)
            }
        }
        if options.json {
            Console.write(try JSONEncoder().encode(lines) + Data("\n".utf8))
        } else {
            Console.show(lines)
        }
    }

    /// The configured vocabulary where there is one.
    private static func settings(_ options: Options) throws(Failure) -> SpoolSettings {
        let (path, named) = options.configurationPath
        guard named || FileManager.default.isReadableFile(atPath: path) else {
            return SpoolSettings(path: "/", zone: .current)
        }
        return try options.configuration().spoolSettings()
    }
}
