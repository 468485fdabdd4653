/* In which encoding a stranger's text is, and the same text as UTF-8. */
#ifndef YZ_DATA_IMPORT_TEXT_H
#define YZ_DATA_IMPORT_TEXT_H

#include "geo/base/buf.h"

#include <stdint.h>

/* An encoding that is read; static. */
struct import_text_encoding;

/* Finds one by a name that people use, without regard to case: "utf-8", "gb18030", "gbk", "gb2312",
 * "cp936", "big5", "utf-16". ERR_INVALID names those that there are. */
enum err import_text_find(const char *name, const struct import_text_encoding **encoding,
                          struct why *why);

/* The name to show for it. */
const char *import_text_name(const struct import_text_encoding *encoding);

/* The encoding of `len` bytes that somebody wrote: what the byte order mark says; else UTF-8, when
 * nearly all of what is beyond ASCII is well-formed UTF-8; else GB18030, which has GBK and GB2312
 * in it. A few broken characters do not make a UTF-8 file a Chinese one. */
const struct import_text_encoding *import_text_guess(const void *bytes, size_t len);

/* Appends the bytes as UTF-8, without byte order mark. What the encoding does not know becomes the
 * byte 0xff each, which is UTF-8 nowhere: whoever reads the text finds it by line. Returns what
 * sticks in the buffer, or ERR_UNSUPPORTED when this system cannot convert. */
enum err import_text_decode(const struct import_text_encoding *encoding, const void *bytes,
                            size_t len, struct buf *out);

/* Appends UTF-8 text as GB18030, for spreadsheets that know no other. */
enum err import_text_gb18030(const void *bytes, size_t len, struct buf *out);

/* Finds the line at which each record of a table starts: a record ends at a line end outside
 * quotes; empty lines are none. */
struct import_text_lines {
    const char *bytes;
    size_t len, offset;
    uint64_t next_line; /* 1 at the start */
};
uint64_t import_text_next(struct import_text_lines *lines);

#endif
