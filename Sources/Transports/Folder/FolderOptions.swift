package import Model

/// A directory on this machine, or one that is mounted here.
package struct FolderOptions: TransportOptions {
    package var target: Target
    /// Permission bits of the files, such as 0o644.
    package var mode: Int

    package init(_ path: String, mode: Int = 0o644) {
        self.init(Target(DestinationAddress(scheme: "file", path: path)), mode: mode)
    }

    init(_ target: Target, mode: Int = 0o644) {
        self.target = target
        self.mode = mode
    }

    package var handsOut: HandsOut { .files }

    package var credentials: [String] { [] }

    package func makeTransport(_ means: TransportMeans) throws(DeliveryError) -> any Transport {
        FolderTransport(self)
    }
}
