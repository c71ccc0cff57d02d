internal import Foundation
internal import Model
internal import Profiles

/// The profiles a proof sheet is made for, and the older one that one of them is held against.
struct ProfileSelection {
    private(set) var profiles: [Profile] = []
    /// Not asked: they take everything down.
    private(set) var retired: [Profile] = []
    private(set) var older: Profile?
    /// Profiles that were not asked for by name and have mistakes.
    private(set) var notes: [String] = []

    /// - Parameters:
    ///   - channels: as named; empty: all of them, or the older profile's one.
    ///   - against: file of an older profile.
    init(_ options: Options, channels: [String], against: String?) throws(Failure) {
        let source = try ProfileSource(options)
        if let against { older = try source.alone(against) }
        let named = channels.isEmpty ? older.map { [$0.channel] } ?? [] : channels
        for channel in named { profiles.append(try source.profile(channel: channel)) }
        if named.isEmpty { try takeAll(source) }
        if let older, !profiles.contains(where: { $0.channel == older.channel }) {
            throw .couldNot(
                "'\(against ?? "")' is a profile of '\(older.channel)', which is not shown",
                next: "add --channel \(older.channel)")
        }
    }

    private mutating func takeAll(_ source: ProfileSource) throws(Failure) {
        for (file, result) in try source.load([]) {
            switch result {
            case .success(let profile) where profile.state != .retired: profiles.append(profile)
            case .success(let profile): retired.append(profile)
            case .failure(let problems):
                notes.append(
                    "'\(file)' is left out: \(Words.count(problems.all.count, "mistake")); "
                        + "'sluice check' names them")
            }
        }
        guard !profiles.isEmpty else {
            throw .couldNot("no profile can be used", next: "sluice check")
        }
    }
}
