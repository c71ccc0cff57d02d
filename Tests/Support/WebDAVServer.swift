private import Foundation
private import Host

/// A real Apache with mod_dav: it wants every folder made (MKCOL) before a file is put into it.
package final class WebDAVServer: Sendable {
    package let port: Int
    /// What it serves and stores.
    package let root: String

    private let directory: TemporaryDirectory
    private let child: Child

    /// - Parameter extra: more lines, such as `<Location /x/> ... </Location>`.
    package static func start(_ extra: String = "") async throws -> WebDAVServer {
        let lane = Lane("webdav server")
        return try await lane.run { () throws(any Error) -> WebDAVServer in
            var last: (any Error)?
            // The port was free a moment ago; another process may have been faster.
            for _ in 0..<5 {
                do { return try WebDAVServer(extra) } catch { last = error }
            }
            throw last ?? SupportError("cannot start apache2")
        }
    }

    package func stop() async {
        let child = child
        await Lane("stop webdav server").run { child.stop() }
    }

    /// The requests it has answered: `PUT /a.jpg 201` each.
    ///
    /// It writes them down after the answer, so they are waited for: 20 s at most.
    package func requests(_ count: Int) async -> [String] {
        await Lane("webdav server").run { [self] in
            for _ in 0..<2000 where requests.count < count {
                // Nobody is expected on an empty set: a pause that needs no sleep.
                poll(nil, 0, 10)
            }
            return requests
        }
    }

    private var requests: [String] {
        let log = (try? String(contentsOfFile: directory.path("requests"), encoding: .utf8)) ?? ""
        return log.split(separator: "\n").map(String.init)
    }

    private init(_ extra: String) throws {
        let apache = try Tool.find("apache2", package: "apache2-bin")
        let directory = try TemporaryDirectory()
        self.directory = directory
        port = try Port.free()
        root = try directory.makeDirectory("root")
        // Started by root, it serves as another account.
        if geteuid() == 0 {
            let account = getpwnam("www-data")?.pointee
            guard let account, chmod(directory.path, 0o755) == 0,
                chown(directory.path, account.pw_uid, account.pw_gid) == 0,
                chown(root, account.pw_uid, account.pw_gid) == 0
            else { throw SupportError("cannot give '\(root)' to 'www-data'") }
        }
        let config = try directory.write(
            Self.configuration(port, root, directory.path, extra), to: "apache.conf")
        // Through a pipe: it opens /dev/stderr anew, which a socket does not allow.
        child = try Child(
            "/bin/sh", ["-c", "'\(apache)' -f '\(config)' -D FOREGROUND 2>&1 | cat"])
        // Logged after the socket listens.
        guard child.waitForOutput("resuming normal operations") else {
            child.stop()
            throw SupportError("apache2 did not start: \(child.output)")
        }
    }

    private static func configuration(
        _ port: Int, _ root: String, _ directory: String, _ extra: String
    ) -> String {
        let modules = "/usr/lib/apache2/modules"
        return """
            ServerRoot "\(directory)"
            ServerName localhost
            Listen 127.0.0.1:\(port)
            PidFile "\(directory)/pid"
            DefaultRuntimeDir "\(directory)"
            ErrorLog /dev/stderr
            LogFormat "%m %U %>s" short
            CustomLog "\(directory)/requests" short
            LoadModule mpm_event_module \(modules)/mod_mpm_event.so
            LoadModule authz_core_module \(modules)/mod_authz_core.so
            LoadModule dav_module \(modules)/mod_dav.so
            LoadModule dav_fs_module \(modules)/mod_dav_fs.so
            User www-data
            Group www-data
            DocumentRoot "\(root)"
            DavLockDB "\(directory)/locks"
            <Directory "\(root)">
                Dav On
                Require all granted
            </Directory>
            \(extra)

            """
    }
}
