import Foundation
import Testing

/// An open temporary file without a name.
func withTemporaryFile<Value>(_ body: (Int32) throws -> Value) throws -> Value {
    let file = try #require(tmpfile())
    defer { fclose(file) }
    return try body(fileno(file))
}

func contents(_ descriptor: Int32) throws -> String {
    lseek(descriptor, 0, SEEK_SET)
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
    return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
}
