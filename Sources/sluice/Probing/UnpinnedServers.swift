internal import Foundation
internal import Model
internal import Transports
internal import YAML

/// The SFTP servers a profile names that is not good yet because it pins no host key.
enum UnpinnedServers {
    static func of(_ problems: Problems) -> [SFTPOptions] {
        let files = Set(
            problems.all.filter { $0.message.contains("'host_keys'") }.map(\.place.file))
        return files.sorted().flatMap(read)
    }

    /// What `to` says and no more: whether the file is good otherwise does not matter.
    private static func read(_ path: String) -> [SFTPOptions] {
        guard let bytes = FileManager.default.contents(atPath: path),
            let document = try? Document(bytes: bytes, file: path, limit: 1 << 20)
        else { return [] }
        return ["deliver", "feed"].compactMap { key in
            guard let node = document.root[key], let to = node["to"]?.text,
                let url = URL(string: to), url.scheme == "sftp", let host = url.host, !host.isEmpty,
                node["host_keys"] == nil
            else { return nil }
            let address = DestinationAddress(
                scheme: "sftp", host: host, port: url.port, path: url.path)
            return SFTPOptions(
                Target(address, allowPrivate: node["allow_private"]?.text == "true"))
        }
    }
}
