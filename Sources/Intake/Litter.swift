/// What systems and programs leave beside other people's files: known by name, and nobody's
/// mistake. It is passed over wherever it lies, and a directory of such a name is not looked into.
/// What begins with a dot (`.DS_Store`, `._*`, `.nfs*`, `.sync`) is hidden and passed over anyway.
enum Litter {
    private enum Sign {
        case name(String)
        case beginning(String)
        case ending(String)
    }

    /// In lower case, with who leaves it.
    private static let signs: [(Sign, String)] = [
        (.ending(".tmp"), "still being written"),
        (.ending(".part"), "still being written (Firefox, wget)"),
        (.ending(".partial"), "still being written (rclone, Edge)"),
        (.ending(".filepart"), "still being written (WinSCP)"),
        (.ending(".crdownload"), "still being written (Chrome)"),
        (.ending(".download"), "still being written (Safari)"),
        (.ending(".opdownload"), "still being written (Opera)"),
        (.ending(".!sync"), "still being written (Resilio Sync)"),
        (.name("thumbs.db"), "Windows' thumbnails"),
        (.name("ehthumbs.db"), "Windows' thumbnails"),
        (.name("desktop.ini"), "Windows' look of a folder"),
        (.name("$recycle.bin"), "Windows' bin"),
        (.name("system volume information"), "Windows' own"),
        (.ending(":zone.identifier"), "where Windows got the file from"),
        (.ending("\u{F03A}zone.identifier"), "the same, through WSL or a mount of Windows'"),
        (.ending(":encryptable"), "a stream of Windows' thumbnails"),
        (.ending(":afp_afpinfo"), "what macOS adds to a file, through Samba"),
        (.ending(":afp_resource"), "what macOS adds to a file, through Samba"),
        (.ending(":com.dropbox.attributes"), "what Dropbox adds to a file"),
        (.ending(":com.dropbox.attrs"), "what Dropbox adds to a file"),
        (.name("icon\r"), "the picture of a folder in macOS"),
        (.name("__macosx"), "what macOS adds to a zip"),
        (.name("network trash folder"), "the bin of AFP"),
        (.name("temporary items"), "macOS' own, through AFP"),
        (.name("thevolumesettingsfolder"), "macOS' own, through AFP"),
        (.name("@eadir"), "Synology's thumbnails and index"),
        (.beginning("synophoto_"), "Synology's thumbnails"),
        (.beginning("synofile_"), "Synology's thumbnails"),
        (.beginning("synoindex_"), "Synology's index"),
        (.ending("@synoeastream"), "what Synology adds to a file"),
        (.ending("@synoresource"), "what Synology adds to a file"),
        (.name("#recycle"), "Synology's bin"),
        (.name("#snapshot"), "Synology's snapshots"),
        (.name("@recycle"), "QNAP's bin"),
        (.name("@recently-snapshot"), "QNAP's snapshots"),
        (.name("@tmp"), "a NAS's own"),
        (.name("lost+found"), "what a check of the disk found"),
        (.name("aquota.user"), "the disk's quotas"),
        (.name("aquota.group"), "the disk's quotas"),
        (.beginning("~$"), "an Office document that is open"),
        (.ending("~"), "an editor's copy of what was before"),
        (.name("adobe bridge cache.bc"), "Bridge's thumbnails"),
        (.name("adobe bridge cache.bct"), "Bridge's thumbnails"),
        (.name("picasa.ini"), "Picasa's look of a folder"),
    ]

    /// What it is; nil: it may be meant for us.
    static func what(_ name: String) -> String? {
        let folded = name.lowercased()
        return signs.first { sign, _ in
            switch sign {
            case .name(let text): folded == text
            case .beginning(let text): folded.hasPrefix(text)
            case .ending(let text): folded.hasSuffix(text)
            }
        }?.1
    }
}
