internal import Model
internal import Profiles

/// What `sluice check --json` says of each profile.
struct ProfileReport: Encodable {
    var file: String
    /// Nil where its mistakes hide it.
    var channel: String?
    var state: String?
    /// None: it is good.
    var problems: [Problem]
    /// What it allows that should not go unseen.
    var cautions: [String]

    init(file: String, result: Result<Profile, Problems>) {
        self.file = file
        switch result {
        case .success(let profile):
            channel = profile.channel
            state = profile.state.rawValue
            problems = []
            cautions = profile.cautions
        case .failure(let found):
            problems = found.all
            cautions = []
        }
    }
}
