package import Model

/// `GET /v1/quarantine`
package struct QuarantineAnswer: Codable, Sendable {
    /// By path.
    package var files: [QuarantinedFile]
    /// How many there are beyond these.
    package var more: Int
    package var dismissed: Int

    package init(files: [QuarantinedFile], more: Int = 0, dismissed: Int = 0) {
        self.files = files
        self.more = more
        self.dismissed = dismissed
    }
}
