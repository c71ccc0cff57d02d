#define _GNU_SOURCE
#include "peer.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/types.h>

#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif

int sluice_read_peer(int descriptor, struct sluice_peer *peer) {
    struct ucred who;
    socklen_t length = sizeof who;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &who, &length) < 0) return -errno;
    // Without a peer (a pair not yet connected, another family) the kernel says -1: that is nobody.
    if (length != sizeof who || who.uid == (uid_t)-1) return -ENOTCONN;
    peer->pid = who.pid;
    peer->uid = who.uid;
    peer->gid = who.gid;
    return 0;
}

int sluice_peer_groups(int descriptor, unsigned *groups, int capacity) {
    socklen_t length = (socklen_t)capacity * sizeof *groups;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, groups, &length) < 0) return -errno;
    return (int)(length / sizeof *groups);
}
