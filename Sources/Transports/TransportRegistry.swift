/// The transports there are, by the scheme of `to`. A profile can name these and no others.
package struct TransportRegistry: Sendable {
    /// The only list.
    package static let standard = TransportRegistry([
        FolderReader(),
        HTTPReader(),
        SFTPReader(),
        FTPReader(),
        S3Reader(),
    ])

    package let readers: [any OptionsReader]

    package init(_ readers: [any OptionsReader]) { self.readers = readers }

    func reader(_ scheme: String) -> (any OptionsReader)? {
        readers.first { $0.schemes.contains(scheme) }
    }

    var schemes: [String] { readers.flatMap(\.schemes) }
}
