package import Model

/// What files are called in a store: spread over 256 directories, by the hash of what they are.
package enum StoredFile {
    /// `ab/abcd…`, below the directory of masters: where intake's staging puts it.
    package static func master(_ hash: ContentHash) -> String {
        "\(hash.rawValue.prefix(2))/\(hash)"
    }

    /// `ab/abcd….jpg`, below the directory of renditions.
    package static func rendition(_ key: ContentHash, _ format: ImageFormat) -> String {
        "\(key.rawValue.prefix(2))/\(key).\(format.fileExtension)"
    }
}
