internal import ArgumentParser
internal import Control
internal import Foundation
import Host
internal import Intake
internal import Model

struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Approve pictures: writes the sidecar, with the hash of these very bytes.",
        discussion: """
            Needs no daemon; a running one sees the sidecar by itself. A later approval orders \
            before an earlier one; --seq orders before both. A file that cannot be approved does \
            not keep the others. Exit status 2 when there was one, 1 when something approved \
            stays withdrawn.
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
        var approvals = Approvals()
        for file in files {
            do throws(IntakeError) {
                let written = try SidecarWriter.approve(
                    file: file, by: name, at: WallClock.system.now(), seq: seq, sku: sku,
                    view: view, in: settings)
                var done = Approvals.Done(
                    file: file, sidecar: written.path, by: name,
                    withdrawnBeside: written.isWithdrawn)
                done.withdrawn = await withdrawn(written.approval.sha256)
                approvals.approved.append(done)
            } catch {
                approvals.refused.append(Approvals.Refused(file: file, error: error.message))
            }
        }
        if options.json {
            try Console.write(json: approvals)
        } else {
            Console.show(approvals.lines(.standard(zone: settings.zone)))
        }
        if !approvals.refused.isEmpty { throw ExitCode(2) }
        try needPerson(if: approvals.approved.contains(where: \.isInVain))
    }

    /// What a person has withdrawn of these bytes, where a daemon runs and says so.
    private func withdrawn(_ hash: ContentHash?) async -> [WithdrawnAnswer.Entry] {
        guard let hash, let client = try? options.client(),
            let data = try? await client.get(
                "/v1/withdrawn", query: [("hash", hash.rawValue)]),
            let answer = try? client.decode(WithdrawnAnswer.self, data)
        else { return [] }
        return answer.entries
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
