package import Model

package enum Loader {
    /// - Parameters:
    ///   - file: as it shall stand in messages.
    ///   - library: other profiles by file name without `.yaml`, for `like: FILE#rendition`.
    package static func load(
        text: String, file: String, library: [String: String] = [:], vocabulary: Vocabulary
    ) -> Result<Profile, Problems> {
        .failure(Problems([]))
    }

    /// Every `*.yaml` of a directory, sorted by name. Of two files that name one channel the later
    /// one is in error.
    /// - Parameter shipped: profiles that `like` may name besides the directory's own.
    /// - Throws: `Problems` when the directory cannot be listed. Blocks on reading files.
    package static func loadDirectory(
        _ path: String, shipped: [String: String] = [:], vocabulary: Vocabulary
    ) throws(Problems) -> [(file: String, result: Result<Profile, Problems>)] {
        []
    }
}
