internal import Wire

/// A long list of names, in parts that the socket takes: a manifest of two thousand names is larger than
/// the body of one order.
enum OrderParts {
    /// Bytes of names in one order: a third of what it takes, since JSON quotes and escapes them.
    private static let most = 20 << 10

    /// - Parameter items: nil: all, which is one order.
    static func of(_ items: [String]?) -> [[String]?] {
        guard let items else { return [nil] }
        var parts: [[String]?] = []
        var part: [String] = []
        var bytes = 0
        for item in items {
            if bytes + item.utf8.count > most, !part.isEmpty {
                parts.append(part)
                (part, bytes) = ([], 0)
            }
            part.append(item)
            // With quotes and comma.
            bytes += item.utf8.count + 3
        }
        return part.isEmpty ? parts : parts + [part]
    }
}

extension DoneAnswer {
    private static let shown = 40

    /// Of another order of the same command.
    mutating func add(_ other: DoneAnswer) {
        guard other.count > 0 else { return }
        done += (count == 0 ? "" : "; ") + other.done
        count += other.count
        names = Array(((names ?? []) + (other.names ?? [])).prefix(Self.shown))
    }

    /// Nothing waited for these.
    mutating func leaveOut(_ items: [String]?) {
        guard let items, !items.isEmpty else { return }
        unmatched = (unmatched ?? []) + items
    }
}
