internal import ArgumentParser
internal import Control
internal import Foundation
internal import Model

/// What every command takes.
struct Options: ParsableArguments {
    @Option(help: "The configuration file (or $SLUICE_CONFIG; /etc/sluice/sluice.yaml).")
    var config: String?

    @Flag(help: "Print the answer as JSON.")
    var json = false

    static let usualPath = "/etc/sluice/sluice.yaml"

    /// Where the configuration is, and whether somebody said so.
    var configurationPath: (path: String, named: Bool) {
        if let config { return (config, true) }
        let variable = ProcessInfo.processInfo.environment["SLUICE_CONFIG"] ?? ""
        return variable.isEmpty ? (Self.usualPath, false) : (variable, true)
    }

    /// The whole configuration; any mistake in it ends the command with 78.
    func configuration() throws(Failure) -> Configuration {
        try Configuration.load(configurationPath.path)
    }

    /// Nil where nobody names one and there is none in the usual place.
    func configurationIfAny() throws(Failure) -> Configuration? {
        let (path, named) = configurationPath
        guard named || FileManager.default.isReadableFile(atPath: path) else { return nil }
        return try configuration()
    }

    /// Path of `sluice-render`, as configured or where it usually is.
    func renderer() throws(Failure) -> String {
        let configured = try configurationIfAny()?.render.executable
        guard let found = configured ?? Configuration.usualRenderer() else {
            throw .couldNot(
                "'sluice-render' is neither beside this program nor in '/usr/lib/sluice'")
        }
        return found
    }

    /// A client needs the socket's path and the zone only: it works beside a configuration that is being
    /// edited, and for accounts that may not read it.
    func client() throws(Failure) -> Client { Client(socket: try forClients().socket) }

    /// Times are told in the configured zone, the daemon's own.
    func page() throws(Failure) -> Page { .standard(zone: try forClients().zone) }

    private func forClients() throws(Failure) -> (socket: String, zone: TimeZone) {
        let (path, named) = configurationPath
        guard named || FileManager.default.isReadableFile(atPath: path) else {
            return (Configuration.Socket().path, .current)
        }
        return try Configuration.forClients(path)
    }
}

/// Asks the daemon and shows the answer: as it came with `--json`, else as `text` words it.
func ask<Answer: Decodable>(
    _ options: Options, _ type: Answer.Type,
    _ question: (Client) async throws(Client.Failure) -> Data,
    text: (Answer, Page) -> [String]
) async throws(Failure) -> Answer {
    let client = try options.client()
    let page = try options.page()
    do throws(Client.Failure) {
        let data = try await question(client)
        let answer = try client.decode(type, data)
        if options.json {
            Console.write(data)
        } else {
            Console.show(text(answer, page))
        }
        return answer
    } catch {
        throw Failure(error)
    }
}

/// A person is needed: what was shown says for what.
func needPerson(if needed: Bool) throws {
    if needed { throw ExitCode(1) }
}
