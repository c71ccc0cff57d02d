internal import Foundation

/// A secret as it is typed or piped in; never from the command line, which everybody on the machine may
/// read.
enum SecretInput {
    private static let limit = 64 << 10

    static func read(_ name: String) throws(Failure) -> Data {
        guard isatty(STDIN_FILENO) == 1 else { return try readAll() }
        let first = try ask("secret '\(name)': ")
        let second = try ask("once more: ")
        guard first == second else {
            throw .couldNot("the two were not the same; nothing was stored")
        }
        return Data(first.utf8)
    }

    private static func readAll() throws(Failure) -> Data {
        do {
            return try FileHandle.standardInput.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw .couldNot("standard input cannot be read: \(error)")
        }
    }

    /// One line that the terminal does not show.
    private static func ask(_ prompt: String) throws(Failure) -> String {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else {
            throw .couldNot("the terminal cannot be told to hide what is typed")
        }
        var hidden = before
        hidden.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0 else {
            throw .couldNot("the terminal cannot be told to hide what is typed")
        }
        // Ended by Ctrl-C, the terminal would stay as it is now.
        let interrupt = signal(SIGINT, SIG_IGN)
        defer {
            tcsetattr(STDIN_FILENO, TCSANOW, &before)
            signal(SIGINT, interrupt)
            FileHandle.standardError.write(Data("\n".utf8))
        }
        FileHandle.standardError.write(Data(prompt.utf8))
        guard let line = readLine(strippingNewline: true) else {
            throw .couldNot("nothing was typed; nothing was stored")
        }
        return line
    }
}
