internal import Foundation
internal import Model
internal import Profiles

/// Profiles as files, for commands that need no daemon.
struct ProfileSource {
    let vocabulary: Vocabulary
    /// Where profiles are when nobody names a place.
    let directory: String?

    /// The configuration's vocabulary where there is one; else the usual one, so that profiles can
    /// be checked on any machine.
    init(_ options: Options) throws(Failure) {
        guard let configuration = try options.configurationIfAny() else {
            vocabulary = Vocabulary(
                views: Configuration.usualViews.map { (name: $0.name, aliases: $0.aliases) },
                zone: .gmt)
            directory = nil
            return
        }
        vocabulary = configuration.vocabulary
        directory = configuration.channels
    }

    /// Every profile below the paths (directories or files), good or not.
    func load(
        _ paths: [String]
    ) throws(Failure) -> [(file: String, result: Result<Profile, Problems>)] {
        let paths = paths.isEmpty ? directory.map { [$0] } ?? [] : paths
        guard !paths.isEmpty else {
            throw .couldNot(
                "which profiles?", next: "name a directory or files: sluice check channels/")
        }
        var all: [(file: String, result: Result<Profile, Problems>)] = []
        for path in paths { all += try one(path) }
        guard !all.isEmpty else {
            throw .couldNot(
                "there is no profile ('*.yaml') in '\(paths.joined(separator: "', '"))'",
                next: "sluice preflight DIR looks through a directory of pictures")
        }
        return all
    }

    /// Why no channel can be asked, and where its profile would be looked for; nil: one can.
    var absence: String? {
        guard let directory else {
            return "there is no '\(Options.usualPath)' that names a directory of profiles; name"
                + " another with --config FILE or $SLUICE_CONFIG"
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        guard !names.contains(where: { $0.hasSuffix(".yaml") }) else { return nil }
        return "there is no '*.yaml' in '\(directory)', where the configuration looks for profiles"
    }

    /// The one profile of a channel.
    func profile(channel: String) throws(Failure) -> Profile {
        if let absence { throw .couldNot("no channel '\(channel)' is known: \(absence)") }
        let all = try load([])
        for case (_, .success(let profile)) in all where profile.channel == channel {
            return profile
        }
        let named = all.first { $0.file.hasSuffix("/\(channel).yaml") }
        if case .failure(let problems)? = named?.result { throw .badConfiguration(problems) }
        let names = all.compactMap { try? $0.result.get().channel }
        throw .couldNot(
            "there is no profile of a channel '\(channel)' in '\(directory ?? "")'",
            next: Spelling.nearest(to: channel, among: names).map { "did you mean '\($0)'?" })
    }

    /// One file by itself, wherever it lies: it may name the channel of a configured profile, and
    /// `like` finds what lies beside it and what is configured.
    func alone(_ path: String) throws(Failure) -> Profile {
        do throws(Problems) { return try read(alone: path) } catch {
            throw .badConfiguration(error)
        }
    }

    private func read(alone path: String) throws(Problems) -> Profile {
        let beside = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        var library: [String: String] = [:]
        for folder in [Loader.shipped, directory, beside].compactMap({ $0 }) {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for name in names where name.hasSuffix(".yaml") {
                library[String(name.dropLast(5))] = try? Loader.read("\(folder)/\(name)").get()
            }
        }
        return try Loader.load(
            text: try Loader.read(path).get(), file: path, library: library,
            vocabulary: vocabulary.knowing(formatsBeside: beside)
        ).get()
    }

    /// Formats of feeds that no profile may use yet.
    private func badFormats(
        beside folder: String
    ) -> [(file: String, result: Result<Profile, Problems>)] {
        Loader.formats(beside: folder).compactMap { file, result in
            if case .failure(let problems) = result { (file, .failure(problems)) } else { nil }
        }
    }

    /// What the formats of feeds prove of themselves, of each directory.
    func formatTests(_ paths: [String]) -> [TestResult] {
        (paths.isEmpty ? directory.map { [$0] } ?? [] : paths)
            .flatMap(Loader.runFormatTests(beside:))
    }

    /// Every `*.yaml` there is about pictures: sidecars and a manifest.
    private static func isSpool(_ path: String) -> Bool {
        let names = Set((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
        let files = names.filter { $0.hasSuffix(".yaml") }
        return !files.isEmpty
            && files.allSatisfy { $0 == "manifest.yaml" || names.contains(String($0.dropLast(5))) }
    }

    private func one(
        _ path: String
    ) throws(Failure) -> [(file: String, result: Result<Profile, Problems>)] {
        var isDirectory = ObjCBool(false)
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw .couldNot("there is no '\(path)'")
        }
        // The daemon would not read it, so it can be nobody's neighbour.
        if path.hasSuffix(".yml") {
            return [
                (path, Result { () throws(Problems) in try read(alone: path) })
            ]
        }
        if isDirectory.boolValue, Self.isSpool(path) { return [] }
        let folder =
            isDirectory.boolValue
            ? path : path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        do throws(Problems) {
            let loaded = try Loader.loadDirectory(folder, vocabulary: vocabulary)
            guard !isDirectory.boolValue else { return loaded + badFormats(beside: folder) }
            // Its neighbours are read as well: `like` may name them.
            let name = path.split(separator: "/").last.map(String.init) ?? path
            return loaded.filter { $0.file.hasSuffix("/" + name) }
        } catch {
            throw .badConfiguration(error)
        }
    }
}
