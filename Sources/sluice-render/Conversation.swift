import CHost
import Foundation
import Imaging
import Model
import Wire

/// Requests in, answers out, one at a time, until the daemon closes its end.
struct Conversation {
    struct Broken: Error, CustomStringConvertible {
        var description: String
    }

    /// Bytes of memory that a worker holds on to between requests: what the renditions of a master
    /// of 16 megapixels take, and half as much again. After a larger one the rest is given back.
    private static let kept = 256 << 20

    let requests: Int32
    let answers: Int32
    #if DEBUG
    let faults: FaultInjection?
    #endif

    func run(as role: WorkerOptions.Role) throws {
        while let request = try next() {
            #if DEBUG
            faults?.happen(over: request)
            #endif
            try answer(reply(to: request, as: role))
            sluice_release_memory(Self.kept)
        }
    }

    func answer(_ reply: WorkerReply) throws {
        try WorkerFrame.encode(reply).withUnsafeBytes { all in
            var rest = all
            while !rest.isEmpty {
                let put = write(answers, rest.baseAddress, rest.count)
                if put < 0 && errno == EINTR { continue }
                guard put > 0 else { throw Broken(description: "nobody takes the answer") }
                rest = UnsafeRawBufferPointer(rebasing: rest[put...])
            }
        }
    }

    private func reply(to request: WorkerRequest, as role: WorkerOptions.Role) throws -> WorkerReply
    {
        do throws(Refusal) {
            switch (request, role) {
            case (.inspect(let request), .render(let masters, let output)):
                return try .inspected(Renderer(masters: masters, output: output).inspect(request))
            case (.readXMP(let request), .render(let masters, let output)):
                return try .xmp(Renderer(masters: masters, output: output).readXMP(request))
            case (.render(let request), .render(let masters, let output)):
                return .rendered(Renderer(masters: masters, output: output).render(request))
            case (.verify(let request), .verify(let finished)):
                return try .verified(Verifier(finished: finished).verify(request))
            default: break
            }
        } catch {
            return .refused(error)
        }
        throw Broken(description: "the request is for a worker of the other role")
    }

    private func next() throws -> WorkerRequest? {
        guard let head = try read(4) else { return nil }
        guard let body = try read(WorkerFrame.length(head)) else {
            throw Broken(description: "the request ends early")
        }
        let request = try WorkerFrame.decode(WorkerRequest.self, from: body)
        guard request.paths.allSatisfy(Self.staysBelow) else {
            throw Broken(description: "the request leaves its directory")
        }
        return request
    }

    /// Nil at the end of input, which is how the daemon says that this is all.
    private func read(_ count: Int) throws -> Data? {
        var data = Data(count: count)
        var filled = 0
        while filled < count {
            let got = data.withUnsafeMutableBytes {
                Foundation.read(requests, $0.baseAddress! + filled, count - filled)
            }
            if got < 0 && errno == EINTR { continue }
            guard got > 0 else {
                if got == 0 && filled == 0 { return nil }
                throw Broken(description: "the request ends early")
            }
            filled += got
        }
        return data
    }

    private static func staysBelow(_ path: String) -> Bool {
        !path.isEmpty && !path.hasPrefix("/") && !path.utf8.contains(0)
            && !path.split(separator: "/").contains("..")
    }
}

extension WorkerRequest {
    fileprivate var paths: [String] {
        switch self {
        case .inspect(let request): [request.master]
        case .readXMP(let request): [request.file]
        case .render(let request): [request.master]
        case .verify(let request): [request.file]
        }
    }
}
