import Curl
import Foundation
import Host
import Model

/// A program that prints a password. What it prints is a secret, and what it says besides may hold one:
/// neither is told to anybody.
final class PasswordProgram: Sendable {
    /// Bytes of a password; tokens have some two thousand.
    private static let longest = 8192

    private let path: String
    private let patience: Double
    private let lane = Lane("password")

    /// - Parameter patience: seconds it may take.
    init(_ path: String, patience: Double) {
        self.path = path
        self.patience = patience
    }

    /// The first line of what it prints. It is given no arguments and nothing to read.
    func run() async throws(CurlFailure) -> Secret {
        let (path, deadline) = (path, Deadline(seconds: patience))
        let line = try await lane.run { () throws(CurlFailure) in
            try Self.ask(path, until: deadline)
        }
        guard let text = String(validating: line, as: UTF8.self), !text.isEmpty,
            text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { throw Self.failure("'\(path)' printed no password in its first line") }
        return Secret(text)
    }

    private static func ask(_ path: String, until deadline: Deadline) throws(CurlFailure) -> Data {
        if let other = othersMayReplace(path) {
            throw failure(
                "'\(path)', which prints the password, is not run, since others than root may change "
                    + "'\(other)': it and the folders above it must belong to root, and be writable by no "
                    + "group and not by everybody")
        }
        let (line, end): (Data?, ChildProcess.End?)
        do throws(HostError) {
            (line, end) = try finish(path, until: deadline)
        } catch {
            throw failure("'\(path)', which prints the password, cannot be run: \(error)")
        }
        switch (line, end) {
        case (_, nil): throw failure("'\(path)' took too long to print a password, and was ended")
        case (let line?, .exited(0)?): return line
        case (nil, .exited(0)?): throw failure("'\(path)' printed too much for a password")
        case (_, let end?):
            throw failure("'\(path)', which prints the password, ended with \(end)")
        }
    }

    /// Whoever may edit profiles must not become who runs the daemon: as sshd of its own such programs, this
    /// asks that nobody else can put another in its place.
    /// - Returns: the part of its path that somebody else may change.
    private static func othersMayReplace(_ path: String) -> String? {
        // Where there is none, running it says so.
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        var place = String(cString: real)
        while true {
            var about = stat()
            guard lstat(place, &about) == 0 else { return place }
            let isOurs = about.st_uid == 0 || about.st_uid == geteuid()
            // In a sticky folder nobody replaces what is another's.
            let isSticky = about.st_mode & S_IFMT == S_IFDIR && about.st_mode & S_ISVTX != 0
            guard isOurs, about.st_mode & 0o022 == 0 || isSticky else { return place }
            guard place != "/" else { return nil }
            place = (place as NSString).deletingLastPathComponent
        }
    }

    /// - Returns: no end where it took too long.
    private static func finish(
        _ path: String, until deadline: Deadline
    ) throws(HostError) -> (line: Data?, end: ChildProcess.End?) {
        let child = try ChildProcess(
            ChildProcess.Program(
                path, [],
                environment: [
                    "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8",
                ]))
        child.closeInput()
        let line = firstLine(of: child, until: deadline)
        let end = try child.waitForEnd(until: deadline)
        // With all that it has started.
        if end == nil { child.killSession() }
        return (line, end)
    }

    /// Nil where it has no end.
    private static func firstLine(of child: ChildProcess, until deadline: Deadline) -> Data? {
        var line = Data()
        while line.count <= longest {
            // At its end, and too late, as well: that shows when the program is waited for.
            guard let byte = try? child.read(1, until: deadline), byte.first != 0x0A else {
                return line.last == 0x0D ? line.dropLast() : line
            }
            line += byte
        }
        return nil
    }

    private static func failure(_ why: String) -> CurlFailure { CurlFailure(.noPassword, why) }
}
