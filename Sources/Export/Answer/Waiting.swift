import Bookkeeping
import Intake
import Model
import Profiles
import Wire

// What `why` says of pictures that are not in their place, beside those that are.
extension Daemon {
    /// - Parameter recorded: what reconciling had against the asset, which `want` alone does not see:
    ///   a name that is taken.
    func waiting(
        _ decision: Decision, _ recorded: [Gate], _ state: SKUState, _ profile: Profile
    ) -> [WhyAnswer.Entry] {
        let newest = decision.newest.flatMap(state.version)
        let others = decision.others.map { other in
            other.gates.isEmpty
                ? setAside(other.version, behind: decision, state, profile)
                : entry(decision.asset, profile, other.gates, of: other.version)
        }
        let told = Set(others.flatMap(\.gates).map(\.message))
        let gates =
            decision.closed.isEmpty
            ? recorded.filter { !told.contains($0.message) } : decision.closed
        guard !gates.isEmpty else { return others }
        return [entry(decision.asset, profile, gates, of: newest)] + others
    }

    private func entry(
        _ asset: Asset, _ profile: Profile, _ gates: [Gate], of version: Version?
    ) -> WhyAnswer.Entry {
        let state: ItemState
        if gates.isUnasked {
            state = .notAskedFor
        } else if gates.isWithdrawn {
            state = .withdrawn
        } else {
            state = gates.first?.kind == .approval ? .waitsForApproval : .refused
        }
        return WhyAnswer.Entry(
            asset: asset.description, channel: profile.channel, slot: nil, name: nil,
            state: state, gates: gates, next: nil, file: version?.file)
    }

    private func setAside(
        _ version: Version, behind decision: Decision, _ state: SKUState, _ profile: Profile
    ) -> WhyAnswer.Entry {
        let ahead = state.versions.first { version in
            decision.wanted.contains { $0.version == version.id }
        }
        let approve = version.file.map { "; to put it there: sluice approve \($0.shellWord)" }
        return WhyAnswer.Entry(
            asset: decision.asset.description, channel: profile.channel, slot: nil, name: nil,
            state: .setAside, gates: [],
            next: "its approval (\(order(of: version))) is older than that of what counts "
                + "(\(order(of: ahead)))\(approve ?? "")", file: version.file)
    }

    private func order(of version: Version?) -> String {
        guard let approval = version?.approval else { return "none" }
        let seq = approval.seq == 0 ? "" : ", seq \(approval.seq)"
        return "\(approval.by), \(DayText.of(approval.at, in: settings.spool.zone))\(seq)"
    }
}

extension SKUState {
    /// Names the pictures' files as a person in any directory can type them.
    mutating func locate(below spool: String) {
        for index in versions.indices {
            versions[index].file = versions[index].file.map {
                "\(spool)/\(Spool.typed($0))"
            }
        }
    }
}
