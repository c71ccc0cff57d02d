private import Foundation
private import Model

/// Gives out the body that is to be sent. A file is read with `pread` and hashed on the way; its
/// last bytes are given out only when the hash is the expected one.
final class BodyReader {
    let count: Int64
    /// Why reading ended early.
    private(set) var failure: CurlFailure?

    /// What goes before the file and after it.
    private let head: Data
    private let file: FileToSend?
    private let tail: Data
    private(set) var sent: Int64 = 0

    /// Nil when there is nothing to send.
    init?(_ body: Transfer.Body) throws(CurlFailure) {
        (head, tail) =
            switch body {
            case .data(let data): (data, Data())
            case .enclosed(let head, _, let tail): (head, tail)
            case .none, .file, .part: (Data(), Data())
            }
        file = try FileToSend(body)
        count = body.count
        if case .none = body { return nil }
    }

    /// Fills the buffer, or a part of it; nil when the transfer must end, `failure` says why.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let start = Int64(head.count)
        let end = count - Int64(tail.count)
        let given: Int
        if sent < start {
            given = Self.copy(head, from: sent, to: buffer)
        } else if let file, sent < end {
            given = Int(min(Int64(buffer.count), end - sent))
            failure = file.fill(
                UnsafeMutableRawBufferPointer(rebasing: buffer[..<given]), from: sent - start)
            if failure != nil { return nil }
        } else {
            given = Self.copy(tail, from: sent - end, to: buffer)
        }
        sent += Int64(given)
        return given
    }

    private static func copy(
        _ data: Data, from offset: Int64, to buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        let rest = data.dropFirst(Int(offset)).prefix(buffer.count)
        return rest.copyBytes(to: buffer)
    }

    /// Back to the start, for a request that is sent again on a fresh connection.
    func rewind(to offset: Int64) -> Bool {
        guard offset == 0 else { return false }
        sent = 0
        file?.rewind()
        return true
    }
}

/// A file that is open, and the hash it must have.
private final class FileToSend {
    private let path: String
    private let descriptor: Int32
    /// Where the body begins in it.
    private let start: Int64
    private let bytes: Int64
    private let sha256: ContentHash
    private var hasher = SHA256()

    /// Nil where the body has no file.
    init?(_ body: Transfer.Body) throws(CurlFailure) {
        let isWhole: Bool
        switch body {
        case .none, .data: return nil
        case .file(let path, let bytes, let sha256),
            .enclosed(_, (let path, let bytes, let sha256), _):
            (self.path, start, self.bytes, self.sha256) = (path, 0, bytes, sha256)
            isWhole = true
        case .part(let path, let offset, let bytes, let sha256):
            (self.path, start, self.bytes, self.sha256) = (path, offset, bytes, sha256)
            isWhole = false
        }
        descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            throw CurlFailure(
                .unreadable, "cannot open '\(path)': \(String(cString: strerror(errno)))")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0,
            isWhole ? status.st_size == bytes : status.st_size >= start + bytes
        else { throw changed }
    }

    deinit { close(descriptor) }

    func rewind() { hasher = SHA256() }

    private var changed: CurlFailure {
        CurlFailure(.changed, "'\(path)' is not the file that was measured")
    }

    /// - Parameter offset: of the part that is sent.
    func fill(_ buffer: UnsafeMutableRawBufferPointer, from offset: Int64) -> CurlFailure? {
        var filled = 0
        while filled < buffer.count {
            let got = pread(
                descriptor, buffer.baseAddress! + filled, buffer.count - filled,
                off_t(start + offset) + off_t(filled))
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else {
                return CurlFailure(
                    .unreadable, "cannot read '\(path)': \(String(cString: strerror(errno)))")
            }
            guard got > 0 else { return changed }
            filled += got
        }
        hasher.update(UnsafeRawBufferPointer(buffer))
        let isLast = filled > 0 && offset + Int64(filled) == bytes
        guard isLast, ContentHash(digest: hasher.finalize()) != sha256 else { return nil }
        return changed
    }
}
