internal import ArgumentParser
internal import Model

/// A command that there is not: ArgumentParser would call it an unexpected argument.
enum Mistyped {
    /// - Parameter words: what was typed behind the program's name.
    /// - Returns: nil where every command is one.
    static func complaint(_ words: [String], below root: any ParsableCommand.Type) -> String? {
        var command = root
        var path = ["sluice"]
        for word in words where path.count > 1 || word != "help" {
            let known = command.configuration.subcommands
            guard !known.isEmpty, !word.hasPrefix("-") else { return nil }
            let names = known.map(name)
            guard let index = names.firstIndex(of: word) else {
                return complaint(word, names, path)
            }
            command = known[index]
            path.append(word)
        }
        return nil
    }

    /// As ArgumentParser makes it up where a command does not say. (Asking for its own
    /// `_commandName` of a metatype ends Swift 6.3's compiler.)
    private static func name(_ command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? String(describing: command).lowercased()
    }

    private static func complaint(_ word: String, _ known: [String], _ path: [String]) -> String {
        let path = path.joined(separator: " ")
        let near = Spelling.nearest(to: word, among: known).map { "did you mean '\(path) \($0)'?" }
        return "there is no command '\(path) \(Words.plain(word))'\n  "
            + (near ?? "'\(path) --help' names them")
    }
}
