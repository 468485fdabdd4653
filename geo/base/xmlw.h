/* A writer of XML 1.0 text (W3C, fifth edition) into a buffer: elements without attributes and
 * text, which is all that plain records need. */
#ifndef YZ_GEO_BASE_XMLW_H
#define YZ_GEO_BASE_XMLW_H

#include "geo/base/buf.h"

#include <stddef.h>

/* Writes the declaration; the document is UTF-8. */
void xmlw_begin(struct buf *buf);

/* Tags; `name` is trusted text that is a name (section 2.3). */
void xmlw_open(struct buf *buf, const char *name);
void xmlw_close(struct buf *buf, const char *name);

/* Text of an element: markup escaped; U+FFFD for what is no UTF-8 or no character of XML (section
 * 2.2: controls but tab and line ends, U+FFFE, U+FFFF), which no escape lets in. */
void xmlw_text(struct buf *buf, const char *text, size_t len);

#endif
