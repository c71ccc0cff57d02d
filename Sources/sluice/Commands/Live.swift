internal import ArgumentParser
internal import Control
internal import Foundation
import Host
internal import Model

struct Live: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What is live of a SKU, which version, since when?",
        discussion: "Exit status 2 when the SKU is unknown.")

    @OptionGroup var options: Options
    @Argument(help: "The SKU.") var sku: String

    func run() async throws {
        let answer = try await ask(options, LiveAnswer.self) {
            client async throws(Client.Failure) in
            try await client.get("/v1/live/" + Client.escape(sku))
        } text: { answer, page in
            LiveText.lines(answer, page, now: WallClock.system.now())
        }
        if !answer.known { throw ExitCode(2) }
    }
}
