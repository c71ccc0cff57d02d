/// What a person is asked to do with a file where no program can do the last step.
package enum HandedTask: String, Codable, Sendable, CaseIterable {
    /// Nothing is in its place yet.
    case add
    /// It takes the place of another, which may have the same name.
    case replace
    /// It has to be taken down there.
    case remove
}

extension Delivery {
    /// Nil where nobody is asked for anything.
    package var task: HandedTask? {
        switch state {
        case .handed: heldKey != nil || replaces ? .replace : .add
        case .recalled: .remove
        default: nil
        }
    }
}
