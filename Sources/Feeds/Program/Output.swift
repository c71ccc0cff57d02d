private import CZlib
private import Glibc
private import Host
import Model

/// Bytes on their way to a descriptor that stays its owner's. A class because zlib keeps a pointer
/// into it; it is reached by one writer alone, so that nothing is asked at run time about who else
/// does: of a document that took a tenth of the time.
final class Output {
    private static let size = 256 << 10

    private static let early: Int64 = 8 << 20

    private let descriptor: Int32
    /// Bytes of the file, and of those whose way to the disk has begun.
    @exclusivity(unchecked) private var sent: Int64 = 0
    @exclusivity(unchecked) private var told: Int64 = 0
    @exclusivity(unchecked) private(set) var bytes: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private var capacity = Output.size
    @exclusivity(unchecked) private(set) var count = 0
    /// Written before what is in the buffer, unpacked.
    @exclusivity(unchecked) private(set) var flushed: Int64 = 0
    private var packing: UnsafeMutablePointer<z_stream>?
    private let packed: UnsafeMutablePointer<UInt8>?

    var written: Int64 { flushed + Int64(count) }

    /// - Parameter isPacked: as gzip does, without a name and a date: the same bytes each time.
    init(_ descriptor: Int32, isPacked: Bool) throws(OutputFault) {
        self.descriptor = descriptor
        bytes = .allocate(capacity: Output.size)
        packed = isPacked ? .allocate(capacity: Output.size) : nil
        guard isPacked else { return }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        guard sluice_gzip_begin(stream) == Z_OK else {
            stream.deallocate()
            throw .packing
        }
        packing = stream
    }

    deinit {
        bytes.deallocate()
        packed?.deallocate()
        if let packing {
            deflateEnd(packing)
            packing.deallocate()
        }
    }

    @inline(__always) func append(_ byte: UInt8) {
        if count == capacity { grow(1) }
        bytes[count] = byte
        count += 1
    }

    @inline(__always) func append(_ text: UnsafePointer<UInt8>, _ length: Int) {
        if count + length > capacity { grow(length) }
        memcpy(bytes + count, text, length)
        count += length
    }

    func append(_ text: StaticString) { append(text.utf8Start, text.utf8CodeUnitCount) }

    func append(_ text: [UInt8]) {
        text.withUnsafeBufferPointer { text in
            if let start = text.baseAddress { append(start, text.count) }
        }
    }

    /// Forgets what was written since, and was not flushed.
    func rewind(to count: Int) { self.count = count }

    private func grow(_ length: Int) {
        let larger = max(capacity * 2, count + length)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        memcpy(moved, bytes, count)
        bytes.deallocate()
        (bytes, capacity) = (moved, larger)
    }

    /// Between items: hands on what there is once it is much.
    func breathe() throws(OutputFault) {
        if count >= Self.size / 2 { try flush(isLast: false) }
    }

    func finish() throws(OutputFault) { try flush(isLast: true) }

    private func flush(isLast: Bool) throws(OutputFault) {
        if packing != nil { try pack(isLast) } else { try put(bytes, count) }
        flushed += Int64(count)
        count = 0
    }

    private func pack(_ isLast: Bool) throws(OutputFault) {
        guard let packing, let packed else { return }
        packing.pointee.next_in = bytes
        packing.pointee.avail_in = UInt32(count)
        repeat {
            packing.pointee.next_out = packed
            packing.pointee.avail_out = UInt32(Self.size)
            guard deflate(packing, isLast ? Z_FINISH : Z_NO_FLUSH) != Z_STREAM_ERROR else {
                throw .packing
            }
            try put(packed, Self.size - Int(packing.pointee.avail_out))
        } while packing.pointee.avail_out == 0
    }

    private func put(_ bytes: UnsafePointer<UInt8>, _ count: Int) throws(OutputFault) {
        var done = 0
        while done < count {
            let put = write(descriptor, bytes + done, count - done)
            if put < 0 && errno == EINTR { continue }
            guard put > 0 else { throw .system(call: "write", errno: put < 0 ? errno : EIO) }
            done += put
        }
        sent += Int64(count)
        guard sent - told >= Self.early else { return }
        // To the disk while the next items are made: the end waits for what is left only.
        Files.writeBack(descriptor, from: told, count: sent - told)
        told = sent
    }
}

enum OutputFault: DocumentFault {
    case system(call: String, errno: Int32)
    case packing

    var remedy: Remedy { if case .system = self { .fixHost } else { .retry(after: nil) } }

    var description: String {
        switch self {
        case .system(let call, let errno): "cannot \(call): \(String(cString: strerror(errno)))"
        case .packing: "zlib failed"
        }
    }
}
