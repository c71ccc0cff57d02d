private import CHost

/// What others see of the process we are.
package enum OwnProcess {
    /// From now on no other process of this account, unless it is root's, may trace this one or read its
    /// memory and environment: a worker or a script of the account must not come by secrets and ledger
    /// that way. Nor is a core ever written.
    package static func hide() throws(HostError) {
        let result = sluice_undumpable()
        guard result >= 0 else { throw HostError("hide", "this process", -result) }
    }
}
