internal import ArgumentParser
internal import Foundation
internal import Model
internal import Profiles
internal import Transports

struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Try a channel's server with a small file.",
        discussion: """
            Logs in, puts a file, asks for it, replaces it, takes it away and proves it gone, as the \
            daemon would; on SFTP it shows the line with the host key to pin. Needs no daemon and \
            leaves nothing behind. Exit status 1 when a step fails.
            """)

    @OptionGroup var options: Options
    @Argument(help: "The channel.") var channel: String

    func run() async throws {
        let configuration = try options.configuration()
        let means = TransportMeans(
            credentials: Credentials(directory: configuration.credentials), sessions: 1,
            tidies: false)
        let prober = Prober(means: means)
        let source = try ProfileSource(options)
        let profile: Profile
        do throws(Failure) {
            profile = try source.profile(channel: channel)
        } catch {
            try await showHostKeys(source, prober)
            throw error
        }
        let places = Self.places(of: profile)
        guard !places.isEmpty else {
            throw Failure.couldNot(
                "the profile of '\(channel)' does not say where it delivers to",
                next: "add 'deliver: {to: …}'")
        }
        var probes: [Probe] = []
        for (purpose, destination) in places {
            probes.append(await prober.probe(destination, for: purpose))
        }
        try show(probes)
    }

    /// The feed's too, where it goes elsewhere.
    static func places(of profile: Profile) -> [(purpose: String, destination: Destination)] {
        var places: [(purpose: String, destination: Destination)] = []
        if let destination = profile.destination { places.append(("pictures", destination)) }
        if let feed = profile.feed?.destination, profile.destination?.isSamePlace(as: feed) != true
        {
            places.append(("feed", feed))
        }
        return places
    }

    /// A profile without pins is not good, but the keys can be shown.
    private func showHostKeys(_ source: ProfileSource, _ prober: Prober) async throws {
        let loaded = (try? source.load([])) ?? []
        let own = loaded.first { $0.file.hasSuffix("/\(channel).yaml") }
        guard case .failure(let problems)? = own?.result else { return }
        var probes: [Probe] = []
        for options in UnpinnedServers.of(problems) {
            var probe = Probe(to: options.target.address.description, for: "pictures")
            _ = await prober.showHostKey(options, &probe)
            probes.append(probe)
        }
        if !probes.isEmpty { try show(probes) }
    }

    private func show(_ probes: [Probe]) throws {
        if options.json {
            try Console.write(json: probes)
        } else {
            let isRoot = geteuid() == 0
            Console.show(ProbeText.lines(probes, channel: channel, isRoot: isRoot, .standard()))
        }
        try needPerson(if: !probes.allSatisfy(\.passes))
    }
}
