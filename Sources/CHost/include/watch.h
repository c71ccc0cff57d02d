#pragma once

/// A pipe whose ends neither block nor survive exec: ends[0] is read, ends[1] written. 0, or -errno.
int sluice_pipe(int ends[2]);
