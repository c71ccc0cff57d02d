internal import Foundation
internal import Host
internal import Intake
internal import Model

/// What stands on the command line of `sluice check`: a picture, or profiles.
enum CheckTarget: Equatable {
    case picture(String)
    /// Empty: those that are configured.
    case profiles([String])
    /// Product tables.
    case tables([String])

    /// - Parameter wantsPicture: a channel is named.
    init(_ paths: [String], wantsPicture: Bool) throws(Failure) {
        let tables = paths.filter(Self.isTable)
        guard tables.isEmpty || wantsPicture else {
            guard tables == paths else {
                throw .couldNot("product tables are checked apart from profiles and pictures")
            }
            self = .tables(tables)
            return
        }
        var pictures: [String] = []
        for path in paths where try Self.isPicture(path) { pictures.append(path) }
        if let picture = pictures.first {
            guard paths.count == 1 else {
                throw .couldNot(
                    "'\(picture)' is a picture, and they are checked one at a time",
                    next: "sluice preflight DIR looks through a directory of them")
            }
            self = .picture(picture)
        } else if wantsPicture {
            throw .couldNot(
                paths.isEmpty
                    ? "--channel wants a picture"
                    : "'\(paths[0])' is no picture to ask a channel about",
                next: "sluice check FILE --channel NAME")
        } else {
            self = .profiles(paths)
        }
    }

    /// By its name: what is in it may be anything.
    private static func isTable(_ path: String) -> Bool {
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        return TableForms.endings.contains(ending)
    }

    /// By what is in it; its name only says what it was meant to be.
    private static func isPicture(_ path: String) throws(Failure) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .couldNot(
                errno == ENOENT
                    ? "there is no '\(path)'"
                    : "cannot look at '\(path)': \(String(cString: strerror(errno)))")
        }
        // A pipe would be waited for without end.
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return false
        case S_IFREG: break
        default: throw .couldNot("'\(path)' is neither a file nor a directory")
        }
        let head: Data
        do throws(HostError) {
            head = try OpenFile.open(path, O_RDONLY).read(limit: ImageFormat.head)
        } catch {
            throw .couldNot(
                "\(error)", next: error.errno == EACCES ? "'ls -l' says who may read it" : nil)
        }
        if ImageFormat.recognise(head) != nil { return true }
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        if ["yaml", "yml"].contains(ending) { return false }
        throw neither(path, ending, ForeignFile(head))
    }

    private static func neither(_ path: String, _ ending: String, _ file: ForeignFile) -> Failure {
        let isCalledPicture = ImageFormat.allCases.contains { $0.extensions.contains(ending) }
        guard file.isPlainText, !isCalledPicture else {
            return .couldNot(file.what(of: path), next: file.next)
        }
        let formats = ImageFormat.allCases.map(\.rawValue).joined(separator: ", ")
        return .couldNot(
            "'\(path)' is neither a picture (\(formats)) nor a profile (*.yaml), nor is it called as a "
                + "product table is (\(TableForms.endings.map { "*.\($0)" }.joined(separator: ", ")))"
        )
    }
}
