#include "text.h"

#include <errno.h>
#include <iconv.h>

void *sluice_text_open(const char *encoding) {
    iconv_t way = iconv_open("UTF-8", encoding);
    return way == (iconv_t)-1 ? NULL : (void *)way;
}

int sluice_text_convert(
    void *way, const char *in, size_t in_count, size_t *used, char *out, size_t out_count, size_t *made) {
    char *from = (char *)in, *to = out;
    size_t left = in_count, room = out_count;
    size_t result = iconv((iconv_t)way, &from, &left, &to, &room);
    *used = in_count - left;
    *made = out_count - room;
    if (result != (size_t)-1 || errno == E2BIG) return 0;
    return errno == EINVAL ? 1 : 2;
}

void sluice_text_close(void *way) { iconv_close((iconv_t)way); }
