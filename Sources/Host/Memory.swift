private import CHost

/// The memory of this process.
package enum Memory {
    /// Gives what is free back to the system, where a large thing has just been let go: the
    /// allocator keeps it otherwise for as long as the process lives.
    package static func giveBack() { sluice_release_memory(32 << 20) }
}
