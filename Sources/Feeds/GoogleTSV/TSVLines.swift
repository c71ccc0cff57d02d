private import Glibc

/// The lines of a file one after the other, without their ends.
struct TSVLines {
    private static let size = 64 << 10

    private let descriptor: Int32
    private var number = 0
    private var buffer: [UInt8] = []
    /// Of what is in `buffer`, what was not handed out yet.
    private var start = 0

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// In the line last handed out.
    func fault(_ message: String) -> TSVFault { .document(line: max(number, 1), message) }

    mutating func next() throws(TSVFault) -> String? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                number += 1
                guard let line = String(validating: buffer[start..<end], as: UTF8.self) else {
                    throw fault("this is no UTF-8")
                }
                return line
            }
            searched = buffer.count - start
            guard try fill() else {
                if buffer.isEmpty { return nil }
                number += 1
                throw fault("the end of the line is missing")
            }
        }
    }

    /// - Returns: false at the end of the file.
    private mutating func fill() throws(TSVFault) -> Bool {
        buffer.removeFirst(start)
        start = 0
        let kept = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: Self.size))
        var got = -1
        repeat {
            got = buffer[kept...].withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress, $0.count)
            }
        } while got < 0 && errno == EINTR
        buffer.removeLast(Self.size - max(got, 0))
        guard got >= 0 else { throw .system(call: "read", errno: errno) }
        return got > 0
    }
}
