import Model
import Transports

// Where a courier goes.
extension Courier {
    /// A transport, and the address it stands for.
    struct Place {
        var address: DestinationAddress
        var transport: any Transport
        /// What was sent waits for its look beside what is sent.
        var looksTogether = false
        /// What it makes of what it is given; nil: it keeps it as it is.
        var transforms: Transformation?
        /// From there a person brings it to where it shall be.
        var isHanded = false
        /// By a person, or by the channel itself.
        var isFetched = false
        /// By the channel itself.
        var isCollected = false
        /// It says in its answer what it calls a file.
        var namesFiles = false
        /// The last pause when the work there began.
        var pause = 0

        /// Where the channel keeps something else than it is given, something is enough.
        func look(
            for file: Outgoing, as name: RemoteName, object: RemoteObject?
        ) async throws(DeliveryError) -> Presence {
            let there = try await transport.look(for: file, as: name, object: object)
            guard transforms != nil, case .different = there else { return there }
            return .confirmed(.presence)
        }
    }

    static func place(_ destination: Destination, _ transport: any Transport) -> Place {
        Place(
            address: destination.address, transport: transport,
            looksTogether: destination.options.filesPerSession > 1,
            transforms: destination.transforms, isHanded: destination.hand != nil,
            isFetched: destination.hand != nil || destination.collects,
            isCollected: destination.collects,
            namesFiles: destination.options.namesFiles)
    }
}
