private import Foundation
private import Host

/// A real nginx that takes PUT and DELETE, one process, for the account that runs the tests.
package final class HTTPServer: Sendable {
    package let port: Int
    /// What it serves and stores.
    package let root: String
    package let isTLS: Bool
    /// Nil without TLS.
    package let certificate: TestCertificate?

    private let directory: TemporaryDirectory
    private let child: Child

    /// - Parameters:
    ///   - extra: more lines for the `server` block, such as
    ///     `location /busy/ { add_header Retry-After 120 always; return 429; }`.
    ///   - dav: the methods it takes, and whether it makes missing folders by itself.
    ///   - tls: with a certificate from an authority that nobody knows.
    ///   - http2: with `tls`: it offers HTTP/2.
    ///   - flaw: with `tls`: of its certificate.
    package static func start(
        _ extra: String = "", dav: DAV = DAV(), tls: Bool = false, http2: Bool = false,
        flaw: TestCertificate.Flaw? = nil
    ) async throws -> HTTPServer {
        let lane = Lane("http server")
        return try await lane.run { () throws(any Error) -> HTTPServer in
            var last: (any Error)?
            // The port was free a moment ago; another process may have been faster.
            for _ in 0..<5 {
                do { return try HTTPServer(extra, dav, tls, http2, flaw) } catch { last = error }
            }
            throw last ?? SupportError("cannot start nginx")
        }
    }

    package struct DAV: Sendable {
        var methods: String
        var makesFolders: Bool

        package init(methods: String = "PUT DELETE", makesFolders: Bool = true) {
            self.methods = methods
            self.makesFolders = makesFolders
        }
    }

    package func stop() async {
        let child = child
        await Lane("stop http server").run { child.stop() }
    }

    package var url: String { "\(isTLS ? "https" : "http")://127.0.0.1:\(port)/" }

    /// What nginx has logged so far.
    package var log: String { child.output }

    private init(
        _ extra: String, _ dav: DAV, _ tls: Bool, _ http2: Bool, _ flaw: TestCertificate.Flaw?
    ) throws {
        let nginx = try Tool.find("nginx", package: "nginx-light")
        let directory = try TemporaryDirectory()
        self.directory = directory
        port = try Port.free()
        isTLS = tls
        root = try directory.makeDirectory("root")
        var lines = """
            dav_methods \(dav.methods);
            create_full_put_path \(dav.makesFolders ? "on" : "off");
            \(extra)
            """
        certificate = tls ? try TestCertificate(in: directory, flaw: flaw) : nil
        if let certificate {
            lines += """

                ssl_certificate \(certificate.certificate);
                ssl_certificate_key \(certificate.key);
                ssl_client_certificate \(certificate.authority);
                """
        }
        let config = try directory.write(
            Self.configuration(
                "\(port)\(tls ? " ssl" : "")\(http2 ? " http2" : "")", root, directory.path, lines),
            to: "nginx.conf")
        child = try Child(nginx, ["-e", "stderr", "-p", directory.path, "-c", config])
        // Logged after the socket listens.
        guard child.waitForOutput("using the \"epoll\" event method") else {
            child.stop()
            throw SupportError("nginx did not start: \(child.output)")
        }
    }

    private static func configuration(
        _ listen: String, _ root: String, _ temp: String, _ extra: String
    ) -> String {
        """
        daemon off;
        master_process off;
        worker_processes 1;
        pid \(temp)/nginx.pid;
        error_log stderr notice;
        events { worker_connections 256; }
        http {
            access_log off;
            default_type application/octet-stream;
            client_max_body_size 64m;
            client_body_temp_path \(temp)/body;
            proxy_temp_path \(temp)/proxy;
            fastcgi_temp_path \(temp)/fastcgi;
            uwsgi_temp_path \(temp)/uwsgi;
            scgi_temp_path \(temp)/scgi;
            server {
                listen 127.0.0.1:\(listen);
                root \(root);
                dav_access user:rw group:r all:r;
                \(extra)
            }
        }

        """
    }
}
