#pragma once

struct sluice_peer {
    int pid;
    unsigned uid;
    unsigned gid;
};

/// Who connected this Unix socket, as the kernel noted it (SO_PEERCRED). 0, or -errno.
int sluice_read_peer(int descriptor, struct sluice_peer *peer);

/// The peer's supplementary groups (SO_PEERGROUPS). Their number, or -errno; -ERANGE when there are
/// more than `capacity`.
int sluice_peer_groups(int descriptor, unsigned *groups, int capacity);
