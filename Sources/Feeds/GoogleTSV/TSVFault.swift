private import Glibc
import Model

enum TSVFault: DocumentFault {
    case system(call: String, errno: Int32)
    /// The line counts from 1.
    case document(line: Int, String)
    /// A value for which the outline has no place: a mistake of ours.
    case noColumn(String)

    var remedy: Remedy { if case .system = self { .fixHost } else { .retry(after: nil) } }

    var description: String {
        switch self {
        case .system(let call, let errno): "cannot \(call): \(String(cString: strerror(errno)))"
        case .document(let line, let message): "line \(line): \(message)"
        case .noColumn(let name): "there is no column for '\(name)'"
        }
    }
}
