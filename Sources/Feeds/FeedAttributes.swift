private import Model

/// All attributes that an item of a format may have: asked by who reads a profile, who checks an
/// item, and who writes it.
package struct FeedAttributes: Sendable {
    /// The attribute that says which product it is, unique in an edition.
    package let identity: String
    package let required: [String]
    /// Required attribute → another that will do.
    let instead: [String: String]
    package let all: [String: FeedAttribute]
    /// Known names that cannot be written yet.
    package let notBuilt: Set<String>
    /// Attributes whose loss or change would be a wrong product or a wrong picture.
    let identifying: [String]

    init(
        identity: String, required: [String], instead: [String: String] = [:],
        all: [String: FeedAttribute], notBuilt: Set<String> = []
    ) {
        self.identity = identity
        self.required = required
        self.instead = instead
        self.all = all
        self.notBuilt = notBuilt
        identifying = [identity] + all.filter { $0.value.isPicture }.keys.sorted()
    }

    /// What was read under a name.
    func value(_ name: String, _ text: String) -> FeedValue {
        all[name]?.isPicture == true ? .picture(FeedPicture(text)) : .text(text)
    }

    func check(_ item: FeedItem) -> [FeedFault] {
        var faults: [FeedFault] = []
        var seen: [String: Int] = [:]
        for field in item.fields where !field.value.isEmpty {
            let count = seen[field.name, default: 0] + 1
            seen[field.name] = count
            guard let attribute = all[field.name] else {
                faults.append(unknown(field.name))
                continue
            }
            if let fault = attribute.fault(field.name, field.value) { faults.append(fault) }
            if count == attribute.most + 1 {
                faults.append(
                    FeedFault(
                        field.name, .repeated,
                        "'\(field.name)' may be given \(attribute.most) times at most"))
            }
        }
        let missing = required.filter { name in
            seen[name] == nil && instead[name].flatMap { seen[$0] } == nil
        }
        return faults + missing.map { FeedFault($0, .missing, "'\($0)' is missing") }
    }

    private func unknown(_ name: String) -> FeedFault {
        if notBuilt.contains(name) {
            return FeedFault(name, .notBuilt, "'\(name)' cannot be written yet")
        }
        let guess = Spelling.nearest(to: name, among: all.keys)
        return FeedFault(
            name, .unknown,
            "'\(name)' is no attribute of this format"
                + (guess.map { "; did you mean '\($0)'?" } ?? ""))
    }
}
