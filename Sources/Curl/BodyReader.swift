private import Foundation
private import Model

/// Gives out the body that is to be sent. A file is read with `pread` and hashed on the way; its
/// last bytes are given out only when the hash is the expected one.
final class BodyReader {
    let count: Int64
    /// Why reading ended early.
    private(set) var failure: CurlFailure?

    private enum Source {
        case data(Data)
        case file(path: String, descriptor: Int32, sha256: ContentHash)
    }

    private let source: Source
    private var sent: Int64 = 0
    private var hasher = SHA256()

    /// Nil when there is nothing to send.
    init?(_ body: Transfer.Body) throws(CurlFailure) {
        switch body {
        case .none:
            return nil
        case .data(let data):
            source = .data(data)
            count = Int64(data.count)
        case .file(let path, let bytes, let sha256):
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else {
                throw CurlFailure(
                    .unreadable, "cannot open '\(path)': \(String(cString: strerror(errno)))")
            }
            source = .file(path: path, descriptor: descriptor, sha256: sha256)
            count = bytes
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_size == bytes else {
                throw Self.changed(path)
            }
        }
    }

    deinit {
        if case .file(_, let descriptor, _) = source { close(descriptor) }
    }

    /// Fills the buffer; nil when the transfer must end, `failure` says why.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let wanted = Int(min(Int64(buffer.count), count - sent))
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
        switch source {
        case .data(let data):
            let start = data.startIndex + Int(sent)
            data.copyBytes(to: part, from: start..<start + wanted)
        case .file(let path, let descriptor, let sha256):
            failure = fill(part, path, descriptor, sha256)
            if failure != nil { return nil }
        }
        sent += Int64(wanted)
        return wanted
    }

    /// Back to the start, for a request that is sent again on a fresh connection.
    func rewind(to offset: Int64) -> Bool {
        guard offset == 0 else { return false }
        sent = 0
        hasher = SHA256()
        return true
    }

    private static func changed(_ path: String) -> CurlFailure {
        CurlFailure(.changed, "'\(path)' is not the file that was measured")
    }

    private func fill(
        _ buffer: UnsafeMutableRawBufferPointer, _ path: String, _ descriptor: Int32,
        _ sha256: ContentHash
    ) -> CurlFailure? {
        var filled = 0
        while filled < buffer.count {
            let got = pread(
                descriptor, buffer.baseAddress! + filled, buffer.count - filled,
                off_t(sent) + off_t(filled))
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else {
                return CurlFailure(
                    .unreadable, "cannot read '\(path)': \(String(cString: strerror(errno)))")
            }
            guard got > 0 else { return Self.changed(path) }
            filled += got
        }
        hasher.update(UnsafeRawBufferPointer(buffer))
        let isLast = filled > 0 && sent + Int64(filled) == count
        return isLast && ContentHash(digest: hasher.finalize()) != sha256 ? Self.changed(path) : nil
    }
}
