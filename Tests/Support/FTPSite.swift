private import Foundation

/// Where an FTP server is to run, and how each program is told so.
struct FTPSite {
    let port: Int
    let directory: TemporaryDirectory
    let protection: FTPServer.Protection
    let tls: TestCertificate
    let password: String

    /// With `run_as_launching_user` it needs no root; `anonymous` is then the one account, and its
    /// passwords are those of a list.
    func startVsftpd(_ extra: String) throws -> Child {
        let vsftpd = try Tool.find("vsftpd", package: "vsftpd")
        try directory.write(password + "\n", to: "passwords")
        _ = try directory.makeDirectory("empty")
        let config = try directory.write(vsftpdConfiguration(extra), to: "vsftpd.conf")
        return try Child(vsftpd, [config])
    }

    private func vsftpdConfiguration(_ extra: String) -> String {
        """
        listen=YES
        listen_address=127.0.0.1
        listen_port=\(port)
        background=NO
        run_as_launching_user=YES
        isolate=NO
        isolate_network=NO
        seccomp_sandbox=NO
        anonymous_enable=YES
        local_enable=NO
        secure_email_list_enable=YES
        email_password_file=\(directory.path)/passwords
        anon_root=\(directory.path)
        secure_chroot_dir=\(directory.path)/empty
        write_enable=YES
        anon_upload_enable=YES
        anon_mkdir_write_enable=YES
        anon_other_write_enable=YES
        anon_world_readable_only=NO
        anon_umask=022
        ssl_enable=\(protection != .none ? "YES" : "NO")
        implicit_ssl=\(protection == .implicit ? "YES" : "NO")
        allow_anon_ssl=YES
        force_anon_logins_ssl=YES
        force_anon_data_ssl=YES
        require_ssl_reuse=YES
        ssl_ciphers=HIGH
        rsa_cert_file=\(tls.certificate)
        rsa_private_key_file=\(tls.key)
        pasv_address=127.0.0.1
        xferlog_enable=YES
        log_ftp_protocol=YES
        vsftpd_log_file=\(directory.path)/log
        \(extra)

        """
    }

    /// Wants the TLS session of the login for the data as well, unless it is told not to.
    func startProftpd(_ user: String, _ extra: String) throws -> Child {
        let program = "usr/sbin/proftpd"
        let place = Tool.unpacked
        guard access("\(place)/\(program)", X_OK) == 0 else {
            throw SupportError("there is no '\(place)/\(program)': run 'deploy/packages test'")
        }
        let hash = try Tool.run("openssl", ["passwd", "-6", password], package: "openssl")
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let line = "\(user):\(hash):\(getuid()):\(getgid())::/:/bin/sh\n"
        let passwords = try directory.write(line, to: "passwd")
        let config = try directory.write(
            proftpdConfiguration(passwords, "\(place)/usr/lib/proftpd", extra), to: "proftpd.conf")
        return try Child("\(place)/\(program)", ["-n", "-c", config])
    }

    private func proftpdConfiguration(
        _ passwords: String, _ modules: String, _ extra: String
    ) -> String {
        let account = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "root"
        let group = getgrgid(getgid()).map { String(cString: $0.pointee.gr_name) } ?? "root"
        return """
            ServerName "test"
            ServerType standalone
            DefaultAddress 127.0.0.1
            SocketBindTight on
            Port \(port)
            UseIPv6 off
            UseReverseDNS off
            User \(account)
            Group \(group)
            ModulePath \(modules)
            LoadModule mod_tls.c
            ScoreboardFile none
            PidFile \(directory.path)/pid
            DelayEngine off
            WtmpLog off
            RequireValidShell off
            RootLogin on
            AuthOrder mod_auth_file.c
            AuthUserFile \(passwords)
            AllowOverwrite on
            Umask 022 022
            ExtendedLog \(directory.path)/log ALL
            TLSEngine \(protection != .none ? "on" : "off")
            TLSProtocol TLSv1.2 TLSv1.3
            TLSRequired \(protection != .none ? "on" : "off")
            TLSLog \(directory.path)/tls.log
            TLSECCertificateFile \(tls.certificate)
            TLSECCertificateKeyFile \(tls.key)
            \(protection == .implicit ? "TLSOptions UseImplicitSSL" : "")
            \(extra)

            """
    }

    func startPyftpdlib(_ user: String, _ extra: String) throws -> Child {
        guard protection == .none else { throw SupportError("pyftpdlib speaks no TLS here") }
        let script = try directory.write(PythonFTP.script, to: "server.py")
        let words = extra.split(separator: " ").map(String.init)
        return try Child(
            PythonFTP.interpreter, ["-W", "ignore", script, "\(port)", user, password] + words)
    }
}

extension Tool {
    /// What `deploy/packages test` unpacks because Debian does not let it be installed beside another.
    static var unpacked: String {
        let tests = (#filePath as NSString).deletingLastPathComponent
        return ((tests as NSString).deletingLastPathComponent as NSString)
            .deletingLastPathComponent + "/.build/servers"
    }
}
