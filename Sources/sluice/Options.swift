internal import ArgumentParser
internal import Foundation
internal import SocketClient
internal import Wire

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
    func client() throws(Failure) -> Client { Client(socket: try socket()) }

    func socket() throws(Failure) -> String { try forClients().socket }

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

/// Asks the daemon and shows the answer.
func ask<Asked, Answer>(
    _ options: Options, _ operation: Operations.Entry<Asked, Answer>, _ asked: Asked,
    text: (Answer, Page) -> [String]
) async throws(Failure) -> Answer {
    try await ask(options, text: text) { client async throws(Client.Failure) in
        try await client.reply(to: operation, asked)
    }
}

/// Shows an answer that may take several questions: as it came with `--json`, else as `text` words it.
func ask<Answer>(
    _ options: Options, text: (Answer, Page) -> [String],
    asking: (Client) async throws(Client.Failure) -> Client.Reply<Answer>
) async throws(Failure) -> Answer {
    let client = try options.client()
    let page = try options.page()
    do throws(Client.Failure) {
        let reply = try await asking(client)
        if options.json {
            Console.write(reply.bytes)
        } else {
            Console.show(text(reply.answer, page))
        }
        return reply.answer
    } catch {
        throw Failure(error)
    }
}

/// Gives an order and shows what it brought about.
func order<Asked>(
    _ options: Options, _ operation: Operations.Entry<Asked, DoneAnswer>, _ asked: Asked
) async throws(Failure) {
    _ = try await ask(options, operation, asked) { answer, page in
        DoneText.lines(answer, page)
    }
}

/// A person is needed: what was shown says for what.
func needPerson(if needed: Bool) throws {
    if needed { throw ExitCode(1) }
}
