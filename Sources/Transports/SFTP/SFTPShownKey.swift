extension SFTPOptions {
    package func showHostKey(_ timeouts: Timeouts) async throws(DeliveryError) -> ShownHostKey? {
        let key = try await shownHostKey(timeouts: timeouts)
        return ShownHostKey(key: key, pins: hostKeys)
    }
}
