import Curl
import Foundation
import Host
import Model
import Transports

/// Why a message did not arrive.
struct Untold: Error {
    let why: String

    init(_ why: String) { self.why = why }
}

/// The ways of telling people: a program, a web address, mail.
struct AlarmSending: Sendable {
    /// Seconds a program may take.
    private static let patience = 60.0
    /// Seconds an address may take.
    private static let webPatience = 10.0
    /// How much of a program's last words is told.
    private static let words = 200

    let settings: AlarmSettings
    let credentials: Credentials
    let text: AlarmText
    private let lane = Lane("alarm")

    init(settings: AlarmSettings, credentials: Credentials, text: AlarmText) {
        self.settings = settings
        self.credentials = credentials
        self.text = text
    }

    func send(_ digest: AlarmDigest, by means: AlarmSettings.Means) async throws(Untold) {
        switch means {
        case .run:
            guard let path = settings.run else { return }
            try await run(path, [], Data(text.body(digest).utf8), ["SLUICE_ALARM": json(digest)])
        case .post:
            guard let post = settings.post else { return }
            try await self.post(Data(json(digest).utf8), to: post)
        case .mail:
            try await run(settings.sendmail, ["-t", "-i"], mail(digest), [:])
        }
    }

    private func json(_ digest: AlarmDigest) throws(Untold) -> String {
        guard let data = try? text.json(digest) else {
            throw Untold("it cannot be written as JSON")
        }
        return String(decoding: data, as: UTF8.self)
    }

    // MARK: Programs

    /// Its last words are told where it fails; those of one that was killed for taking too long are not
    /// waited for.
    private func run(
        _ path: String, _ arguments: [String], _ input: Data, _ environment: [String: String]
    ) async throws(Untold) {
        let always = ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8"]
        let program = ChildProcess.Program(
            path, arguments, environment: always.merging(environment) { $1 })
        let result: (end: ChildProcess.End, said: String)?
        do throws(HostError) {
            let run = try await lane.run { () throws(HostError) in try ProgramRun(program) }
            let (lane, deadline) = (lane, Deadline(seconds: Self.patience))
            let ended: Result<(end: ChildProcess.End, said: String)?, HostError> =
                await withTaskCancellationHandler {
                    do throws(HostError) {
                        return .success(
                            try await lane.run { () throws(HostError) in
                                try run.finish(input: input, until: deadline)
                            })
                    } catch {
                        return .failure(error)
                    }
                } onCancel: {
                    run.kill()
                }
            result = try ended.get()
        } catch {
            throw Untold("\(error)")
        }
        guard let (end, said) = result else {
            throw Untold("'\(path)' took longer than \(Int(Self.patience)) s and was ended")
        }
        guard end != .exited(0) else { return }
        let words = said.split(whereSeparator: \.isNewline).last.map {
            ": \($0.suffix(Self.words))"
        }
        throw Untold("'\(path)' ended with \(end)\(words ?? "")")
    }

    // MARK: A web address

    /// The address itself is never told: with chat services it is the secret.
    private func post(_ body: Data, to post: AlarmSettings.Post) async throws(Untold) {
        let (url, key) = try await secrets(of: post)
        let host = URL(string: url)?.host ?? "its host"
        guard url.hasPrefix("https://") || post.allowPrivate && url.hasPrefix("http://") else {
            throw Untold("the address at '\(host)' does not begin with https://")
        }
        var transfer = Transfer(.post, url)
        transfer.body = .data(body)
        transfer.headers = ["Content-Type: application/json"]
        if let key {
            let code = HMAC.sha256(body, key: Array(key.reveal().utf8))
            let digits = code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            transfer.headers.append("X-Sluice-Signature: sha256=\(digits)")
        }
        transfer.allowPrivate = post.allowPrivate
        transfer.deadlines = Deadlines(
            connect: Self.webPatience, slow: Self.webPatience, total: Self.webPatience)
        let session = Session(name: "alarm")
        let answer: Result<Response, CurlFailure>
        do throws(CurlFailure) {
            answer = .success(try await session.perform(transfer))
        } catch {
            answer = .failure(error)
        }
        await session.close()
        switch answer {
        case .failure(let failure): throw Untold("'\(host)': \(failure.message)")
        case .success(let response) where (200...299).contains(response.status): return
        case .success(let response) where (300...399).contains(response.status):
            throw Untold(
                "'\(host)' answers \(response.status), a redirect, which is not followed; name the "
                    + "address it leads to")
        case .success(let response): throw Untold("'\(host)' answers \(response.status)")
        }
    }

    private func secrets(
        of post: AlarmSettings.Post
    ) async throws(Untold) -> (url: String, key: Secret?) {
        let credentials = credentials
        do throws(DeliveryError) {
            return try await lane.run { () throws(DeliveryError) in
                let key = try post.secret.map { name throws(DeliveryError) in
                    try credentials.secret(name)
                }
                switch post.address {
                case .url(let url): return (url, key)
                case .credential(let name): return (try credentials.secret(name).reveal(), key)
                }
            }
        } catch {
            throw Untold(error.message)
        }
    }

    // MARK: Mail

    private func mail(_ digest: AlarmDigest) -> Data {
        let subject = text.subject(digest).filter { $0.isASCII && !$0.isNewline }
        let head = [
            "To: \(settings.mail.joined(separator: ", "))", "Subject: \(subject)",
            "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit",
        ]
        return Data((head.joined(separator: "\n") + "\n\n" + text.body(digest)).utf8)
    }
}
