/// An FTP server that refuses what it is told to, on the library of the Debian package
/// `python3-pyftpdlib`. Without TLS: it hangs up on a client that begins its handshake for the data
/// before it says what for, as libcurl does.
enum PythonFTP {
    /// Debian's own: another one in the path does not see Debian's packages.
    static let interpreter = "/usr/bin/python3"

    /// Arguments: port, user, password, and words: `COMMAND=ANSWER` (blanks are `_`) answers that to
    /// every such command; `no-overwrite` refuses to rename over a file; `cut-rename` hangs up once when it has
    /// renamed, without a word; `dead-data` names a port
    /// nobody listens on; `one-login` takes no second one; `full` has no room for a byte;
    /// `closed=PATH` lets nobody into that directory and says that nothing is there.
    static let script = """
        import os, sys
        from pyftpdlib.authorizers import DummyAuthorizer
        from pyftpdlib.handlers import DTPHandler, FTPHandler
        from pyftpdlib.servers import FTPServer

        port, user, password = sys.argv[1:4]
        words = [word for word in sys.argv[4:] if "=" not in word]
        answers = dict(word.split("=", 1) for word in sys.argv[4:] if "=" in word)
        closed = answers.pop("closed", None)


        class Handler(FTPHandler):
            def pre_process_command(self, line, cmd, arg):
                print("<", line if cmd != "PASS" else "PASS", flush=True)
                if cmd in answers:
                    return self.respond(answers[cmd].replace("_", " "))
                super().pre_process_command(line, cmd, arg)

            def respond(self, resp, *rest, **named):
                if "cut-rename" in words and resp.startswith("250 Renaming"):
                    words.remove("cut-rename")
                    return self.close()
                print(">", resp, flush=True)
                super().respond(resp, *rest, **named)

            def ftp_RNTO(self, path):
                if "no-overwrite" in words and os.path.exists(path):
                    self._rnfr = None
                    return self.respond("553 File exists.")
                return super().ftp_RNTO(path)

            def ftp_CWD(self, path):
                if closed and path.rstrip("/") == closed:
                    return self.respond("550 Permission denied.")
                return super().ftp_CWD(path)

            def ftp_SIZE(self, path):
                if closed and path.startswith(closed + "/"):
                    return self.respond("550 No such file.")
                return super().ftp_SIZE(path)

            def ftp_EPSV(self, line):
                if "dead-data" in words:
                    return self.respond("229 Entering extended passive mode (|||1|).")
                return super().ftp_EPSV(line)

            def ftp_PASV(self, line):
                if "dead-data" in words:
                    return self.respond("227 Entering passive mode (127,0,0,1,0,1).")
                return super().ftp_PASV(line)


        class Full(DTPHandler):
            def handle_read(self):
                self.recv(65536)
                self._resp = ("452 No space left on device.", print)
                self.close()

            handle_read_event = handle_read


        if "full" in words:
            Handler.dtp_handler = Full
        Handler.authorizer = DummyAuthorizer()
        Handler.authorizer.add_user(user, password, "/", perm="elradfmwMT")
        Handler.auth_failed_timeout = 0
        server = FTPServer(("127.0.0.1", int(port)), Handler)
        if "one-login" in words:
            server.max_cons_per_ip = 1
        server.serve_forever()

        """
}
