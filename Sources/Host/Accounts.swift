internal import Foundation

/// The account database: names to numbers and back. Its sources may be slow (LDAP), so it is asked
/// at load or on its own thread, never on the pool.
package enum Accounts {
    package static func user(_ name: String) -> UInt32? {
        if let number = UInt32(name) { return number }
        return entry { buffer, size in
            var record = passwd()
            var found: UnsafeMutablePointer<passwd>?
            let result = getpwnam_r(name, &record, buffer, size, &found)
            return (result, found == nil ? nil : record.pw_uid)
        }
    }

    package static func group(_ name: String) -> UInt32? {
        if let number = UInt32(name) { return number }
        return entry { buffer, size in
            var record = Glibc.group()
            var found: UnsafeMutablePointer<Glibc.group>?
            let result = getgrnam_r(name, &record, buffer, size, &found)
            return (result, found == nil ? nil : record.gr_gid)
        }
    }

    /// `uid 1234` where the number has no name.
    package static func name(ofUser uid: UInt32) -> String {
        let name: String? = entry { buffer, size in
            var record = passwd()
            var found: UnsafeMutablePointer<passwd>?
            let result = getpwuid_r(uid, &record, buffer, size, &found)
            return (result, found == nil ? nil : String(cString: record.pw_name))
        }
        return name ?? "uid \(uid)"
    }

    /// Groups with many members need a larger buffer than the first.
    private static func entry<Value>(
        _ ask: (UnsafeMutablePointer<CChar>, Int) -> (Int32, Value?)
    ) -> Value? {
        for size in [4 << 10, 64 << 10, 1 << 20] {
            let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
            defer { buffer.deallocate() }
            let (result, value) = ask(buffer, size)
            if result != ERANGE { return value }
        }
        return nil
    }
}
