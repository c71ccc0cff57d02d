import Foundation
private import Synchronization

/// Finds out of many files at once that they are there: a look of its own costs three round trips
/// (open, stat, close), a listing about four for all of a directory. Who asks first takes those along
/// who come before there is a session for it.
final class SFTPLooks: Sendable {
    /// Round trips of a look, and of a listing besides its pages.
    private static let (look, list) = (3, 4)
    /// Entries a server hands over at one time: OpenSSH's number.
    private static let page = 100
    /// So that a partner with a directory for each file does not fill the memory.
    private static let knownFolders = 10_000

    struct Question: Hashable {
        /// Ends in `/`.
        var folder: String
        var leaf: String
        /// That it should have.
        var bytes: Int64
    }

    enum Turn {
        /// Does it for all that the listing holds when it is closed.
        case first(Listing)
        case there
        /// Ask by yourself.
        case unknown
    }

    private struct Folder {
        var open: Listing?
        /// In it, when it was last listed.
        var entries = 0
        /// A listing there told nothing of use.
        var isUseless = false
    }

    private let folders = Mutex<[String: Folder]>([:])

    func ask(_ question: Question) async -> Turn {
        await withCheckedContinuation { continuation in
            let first: Listing? = folders.withLock { folders in
                if let open = folders[question.folder]?.open {
                    open.add(question, continuation)
                    return nil
                }
                let listing = Listing(question)
                folders[question.folder, default: Folder()].open = listing
                return listing
            }
            if let first { continuation.resume(returning: .first(first)) }
        }
    }

    /// Nobody joins it any more.
    /// - Returns: whether to list the directory, rather than to look for the one file.
    func close(_ listing: Listing) -> Bool {
        folders.withLock { folders in
            guard let folder = folders[listing.folder], folder.open === listing else {
                return false
            }
            folders[listing.folder]?.open = nil
            listing.isListed =
                !folder.isUseless
                && Self.list + folder.entries / Self.page < Self.look * listing.count
            return listing.isListed
        }
    }

    /// Tells everybody in it.
    /// - Parameter isWhole: the directory was read to its end.
    func finish(_ listing: Listing, isWhole: Bool) {
        folders.withLock { folders in
            guard let folder = folders[listing.folder],
                folder.open === listing || folder.open == nil
            else { return }
            // What is known of it takes no room where that is nothing.
            let isKnown = folder.entries > 0 || folder.isUseless
            folders[listing.folder] =
                isKnown ? Folder(entries: folder.entries, isUseless: folder.isUseless) : nil
        }
        if listing.isListed, isWhole {
            let isUseless = listing.entries > 0 && listing.there.isEmpty
            learn(listing.folder, entries: listing.entries, isUseless: isUseless)
        }
        listing.tell()
    }

    /// Who lists a directory for another reason learns how long that takes.
    func learn(_ folder: String, entries: Int, isUseless: Bool = false) {
        folders.withLock { folders in
            if folders.count >= Self.knownFolders {
                folders = folders.filter { $0.value.open != nil }
            }
            folders[folder, default: Folder()].entries = entries
            folders[folder]?.isUseless = isUseless
        }
    }
}

extension SFTPLooks {
    /// One listing of a directory, and who waits for it.
    final class Listing: Sendable {
        private struct State {
            var questions: [String: Question] = [:]
            var waiting: [(Question, CheckedContinuation<Turn, Never>)] = []
            var there: Set<Question> = []
            var entries = 0
            var isListed = false
        }

        let folder: String
        private let state: Mutex<State>

        init(_ first: Question) {
            folder = first.folder
            state = Mutex(State(questions: [first.leaf: first]))
        }

        fileprivate func add(_ question: Question, _ asker: CheckedContinuation<Turn, Never>) {
            state.withLock { state in
                state.questions[question.leaf] = question
                state.waiting.append((question, asker))
            }
        }

        fileprivate var count: Int { state.withLock(\.questions.count) }
        fileprivate var entries: Int { state.withLock(\.entries) }
        var there: Set<Question> { state.withLock(\.there) }

        /// The directory is listed; else only the first one's file is looked for.
        fileprivate(set) var isListed: Bool {
            get { state.withLock(\.isListed) }
            set { state.withLock { $0.isListed = newValue } }
        }

        /// A line of `ls -l`, read from its end: `size month day time name`. Only what says just what is
        /// hoped for is believed; the rest is asked for.
        func take(_ line: String) {
            let words = line.split(separator: " ")
            state.withLock { state in
                state.entries += 1
                guard line.hasPrefix("-"), words.count >= 9,
                    let question = state.questions[String(words[words.count - 1])],
                    Int64(words[words.count - 5]) == question.bytes
                else { return }
                state.there.insert(question)
            }
        }

        fileprivate func tell() {
            let (waiting, there) = state.withLock { state in
                let waiting = state.waiting
                state.waiting = []
                return (waiting, state.there)
            }
            for (question, asker) in waiting {
                asker.resume(returning: there.contains(question) ? .there : .unknown)
            }
        }
    }
}
