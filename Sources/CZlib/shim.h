#pragma once
// zlib, which libpng unpacks colour profiles with as well, and drops the damaged ones without a word.
#include <stddef.h>
#include <string.h>
#include <zlib.h>

/// Unpacks a zlib stream as far as it goes and there is room.
/// - Returns: how many bytes were written.
static inline size_t sluice_zlib_unpack(
    const unsigned char *bytes, size_t count, unsigned char *out, size_t room) {
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (inflateInit(&stream) != Z_OK) return 0;
    stream.next_in = (unsigned char *)bytes;
    stream.avail_in = (uInt)count;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    inflate(&stream, Z_FINISH);
    size_t made = room - stream.avail_out;
    inflateEnd(&stream);
    return made;
}

/// Begins to pack as gzip does; `deflateInit2` is a macro.
static inline int sluice_gzip_begin(z_stream *stream) {
    memset(stream, 0, sizeof *stream);
    return deflateInit2(stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
}

/// Begins to unpack what gzip has packed, or what is bare of head and tail.
static inline int sluice_gunzip_begin(z_stream *stream, int is_bare) {
    memset(stream, 0, sizeof *stream);
    return inflateInit2(stream, is_bare ? -MAX_WBITS : MAX_WBITS + 16);
}
