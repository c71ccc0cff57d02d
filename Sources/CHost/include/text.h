#pragma once
#include <stddef.h>

/// A way from an encoding, named as iconv(3) does, to UTF-8; NULL when the system knows none.
void *sluice_text_open(const char *encoding);

/// Converts what it can. `*used` and `*made` tell how much was taken and written. 0: all of it, or
/// `out` is full; 1: the input ends within a character; 2: at `*used` stands what is no character.
int sluice_text_convert(
    void *way, const char *in, size_t in_count, size_t *used, char *out, size_t out_count, size_t *made);

void sluice_text_close(void *way);
