extension String {
    /// What may be an address, as messages show it: they are read by more people than the file it stands
    /// in, and a login or what a query asks with may be a secret.
    package var withoutSecrets: String {
        let scheme = firstRange(of: "://")?.upperBound
        let start = scheme ?? startIndex
        let isSecret = { (text: Substring, mark: Character) in
            scheme != nil || text.contains(mark)
        }
        var end = self[start...].firstIndex { $0 == "?" || $0 == "#" } ?? endIndex
        if !isSecret(self[end...], "=") { end = endIndex }
        var login = self[start..<end].lastIndex(of: "@") ?? start
        if !isSecret(self[start..<login], ":") { login = start }
        return self[..<start] + (login == start ? "" : "…") + self[login..<end]
            + (end == endIndex ? "" : "\(self[end])…")
    }
}
