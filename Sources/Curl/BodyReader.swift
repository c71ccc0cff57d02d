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
        case file(OpenedFile)
    }

    private struct OpenedFile {
        var path: String
        var descriptor: Int32
        /// Where the body begins in it.
        var start: Int64
        var sha256: ContentHash
    }

    private let source: Source
    private(set) var sent: Int64 = 0
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
            source = .file(
                OpenedFile(
                    path: path, descriptor: try Self.open(path), start: 0, sha256: sha256))
            count = bytes
            guard size == bytes else { throw Self.changed(path) }
        case .part(let path, let offset, let bytes, let sha256):
            source = .file(
                OpenedFile(
                    path: path, descriptor: try Self.open(path), start: offset, sha256: sha256))
            count = bytes
            guard let size, size >= offset + bytes else { throw Self.changed(path) }
        }
    }

    private static func open(_ path: String) throws(CurlFailure) -> Int32 {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            throw CurlFailure(
                .unreadable, "cannot open '\(path)': \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    /// Of the whole file.
    private var size: Int64? {
        guard case .file(let file) = source else { return nil }
        var status = stat()
        return fstat(file.descriptor, &status) == 0 ? Int64(status.st_size) : nil
    }

    deinit {
        if case .file(let file) = source { close(file.descriptor) }
    }

    /// Fills the buffer; nil when the transfer must end, `failure` says why.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let wanted = Int(min(Int64(buffer.count), count - sent))
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
        switch source {
        case .data(let data):
            let start = data.startIndex + Int(sent)
            data.copyBytes(to: part, from: start..<start + wanted)
        case .file(let file):
            failure = fill(part, file)
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
        _ buffer: UnsafeMutableRawBufferPointer, _ file: OpenedFile
    ) -> CurlFailure? {
        var filled = 0
        while filled < buffer.count {
            let got = pread(
                file.descriptor, buffer.baseAddress! + filled, buffer.count - filled,
                off_t(file.start + sent) + off_t(filled))
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else {
                return CurlFailure(
                    .unreadable, "cannot read '\(file.path)': \(String(cString: strerror(errno)))")
            }
            guard got > 0 else { return Self.changed(file.path) }
            filled += got
        }
        hasher.update(UnsafeRawBufferPointer(buffer))
        let isLast = filled > 0 && sent + Int64(filled) == count
        guard isLast, ContentHash(digest: hasher.finalize()) != file.sha256 else { return nil }
        return Self.changed(file.path)
    }
}
