package import Model
package import Transports

// For tests of places that go by names alone.
extension Transport {
    @discardableResult
    package func put(
        _ file: Outgoing, as name: RemoteName
    ) async throws(DeliveryError) -> RemoteObject? {
        try await put(file, as: name, replacing: nil)
    }

    package func look(
        for file: Outgoing, as name: RemoteName
    ) async throws(DeliveryError) -> Presence {
        try await look(for: file, as: name, object: nil)
    }

    package func remove(_ name: RemoteName) async throws(DeliveryError) {
        try await remove(name, object: nil)
    }

    package func isAbsent(_ name: RemoteName) async throws(DeliveryError) -> Bool {
        try await isAbsent(name, object: nil)
    }
}
