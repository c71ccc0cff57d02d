private import Foundation

/// Stands between sshd and OpenSSH's own SFTP server (`ForceCommand`): writes down what is asked of it by
/// name, and can be a server that takes no long names, refuses, or is cut off.
package struct SFTPFilter: Sendable {
    /// A line for sshd_config.
    package let command: String
    private let log: String

    /// - Parameters:
    ///   - longest: bytes of a name.
    ///   - words: `OPEN=3` answers every such question with that status; `cut=RENAME` ends the first
    ///     session that asks so when it is done and before that is said; `drip=READDIR` lists one name after
    ///     the other, for ever.
    package init(in folder: TemporaryDirectory, longest: Int = 255, _ words: String...) throws {
        let path = try folder.write(Self.script, to: "sftp-filter.py")
        log = folder.path("sftp-questions")
        let all = words.map { " \($0)" }.joined()
        command = "ForceCommand \(PythonFTP.interpreter) \(path) \(longest) \(log)\(all)"
    }

    /// What was asked for, in its order, such as `OPEN /dir/a.jpg`.
    package var questions: [String] {
        let text = try? String(contentsOfFile: log, encoding: .utf8)
        return text?.split(separator: "\n").map(String.init) ?? []
    }

    private static let script = """
        import os, struct, subprocess, sys, threading, time

        longest = int(sys.argv[1])
        log = open(sys.argv[2], "a", buffering=1)
        words = dict(word.split("=") for word in sys.argv[3:])
        cut = threading.Event()
        verbs = {3: "OPEN", 7: "LSTAT", 11: "OPENDIR", 13: "REMOVE", 14: "MKDIR", 15: "RMDIR",
                 17: "STAT", 18: "RENAME"}
        server = subprocess.Popen(
            ["/usr/lib/openssh/sftp-server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        out = threading.Lock()


        def say(data):
            with out:
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()


        def packets(stream):
            while len(head := stream.read(4)) == 4:
                yield head, stream.read(struct.unpack(">I", head)[0])


        def text(words):
            return struct.pack(">I", len(words)) + words


        def hang_up():
            pid = os.getppid()
            while not open(f"/proc/{pid}/comm").read().startswith("sshd"):
                pid = int(open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[1])
            os.kill(pid, 9)
            os._exit(1)


        def answers():
            for head, body in packets(server.stdout):
                if cut.is_set():
                    hang_up()
                say(head + body)


        def named(body):
            at, paths = 5, []
            for _ in range(0 if body[0] not in verbs else 2 if body[0] == 18 else 1):
                size = struct.unpack(">I", body[at:at + 4])[0]
                paths.append(body[at + 4:at + 4 + size].decode())
                at += 4 + size
            if paths:
                log.write(" ".join([verbs[body[0]], *paths]) + "\\n")
            return paths


        def is_too_long(body):
            return any(len(path.rsplit("/", 1)[-1]) > longest for path in named(body))


        def refuse(body, code):
            say(text(b"\\x65" + body[1:5] + struct.pack(">I", code) + text(b"Failure") + text(b"")))


        def drip(body):
            time.sleep(0.02)
            one = struct.pack(">I", 1) + text(b"a.jpg") + text(b"a.jpg") + struct.pack(">I", 0)
            say(text(b"\\x68" + body[1:5] + one))


        def is_last(verb):
            if words.get("cut") != verb or os.path.exists(sys.argv[2] + ".cut"):
                return False
            open(sys.argv[2] + ".cut", "w").close()
            return True


        threading.Thread(target=answers, daemon=True).start()
        for head, body in packets(sys.stdin.buffer):
            verb = verbs.get(body[0], "WRITE" if body[0] == 6 else "")
            if is_too_long(body):
                refuse(body, 4)
            elif body[0] == 12 and words.get("drip") == "READDIR":
                drip(body)
            elif verb in words:
                refuse(body, int(words[verb]))
            else:
                if is_last(verb):
                    cut.set()
                server.stdin.write(head + body)
                server.stdin.flush()
        server.stdin.close()
        """
}
