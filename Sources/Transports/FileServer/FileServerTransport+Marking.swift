import Curl
import Foundation
import Model

// The empty files by which a partner knows what it may read.
extension FileServerTransport: MarkingTransport {
    /// Of a name; nil where the profile wants none for each file.
    func marker(of name: RemoteName) -> String? {
        guard let marker = finish.marker, marker.per == .file else { return nil }
        return folder(name) + marker.name(for: name.leaf)
    }

    func unmarking(_ name: RemoteName) -> [FileStep] {
        marker(of: name).map { [.may(.remove($0))] } ?? []
    }

    func markBatch(isWhole: Bool) async throws(DeliveryError) {
        guard let marker = finish.marker, marker.per == .batch else { return }
        let path = address.path + marker.name
        try await ask(attempt(isWhole ? "put" : "take away", marker.name)) {
            server throws(CurlFailure) in
            if isWhole {
                try await server.upload(.nothing, to: path, then: [])
            } else {
                try await server.run([.may(.remove(path))])
                guard try await server.isAbsent(path) else {
                    throw CurlFailure(.accessDenied, "it cannot be removed", phase: .transfer)
                }
            }
        }
    }

    func hasBatchMarker() async throws(DeliveryError) -> Bool {
        guard let marker = finish.marker, marker.per == .batch else { return false }
        return try await ask(attempt("look for", marker.name)) { server throws(CurlFailure) in
            try await !server.isAbsent(self.address.path + marker.name)
        }
    }

    /// Last of all, and only when the file is whole.
    func mark(
        _ file: Outgoing, _ name: RemoteName, by marker: String, _ attempt: Attempt
    ) async throws(DeliveryError) {
        try await checkSize(of: file, at: path(name), attempt)
        try await ask(attempt) { server throws(CurlFailure) in
            try await server.upload(.nothing, to: marker, then: [])
        }
        house.noteMarked(marker)
    }

    /// One that we put may be gone because it was read. Of any other nobody knows whether it ever was
    /// there: a crash may have come between the file and its marker.
    func lacks(_ marker: String, _ attempt: Attempt) async throws(DeliveryError) -> Bool {
        if house.takeMarked(marker) { return false }
        return try await ask(attempt) { server throws(CurlFailure) in
            try await server.size(marker) == nil
        }
    }
}

extension Outgoing {
    fileprivate static let nothing = Outgoing(
        path: "/dev/null", sha256: .of(Data()), bytes: 0, mediaType: "text/plain")
}
