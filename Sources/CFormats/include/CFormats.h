#pragma once
// The formats and schemas of `channels/feeds`, inside the program: a feed needs no file to be
// installed.
#include <stddef.h>

struct sluice_file {
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

/// - Returns: NULL after the last one.
const struct sluice_file *sluice_format(int index);
const struct sluice_file *sluice_schema(int index);
