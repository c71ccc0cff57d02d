#pragma once

/// Sends one datagram to a Unix socket; a leading `@` names an abstract one. 0, or -errno.
int sluice_notify(const char *socket, const char *message);

/// CLOCK_MONOTONIC in microseconds, as `RELOADING=1` must tell it.
unsigned long long sluice_monotonic_microseconds(void);
