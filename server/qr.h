/* libqrencode's door: text as a QR code (ISO/IEC 18004), drawn as SVG. */
#ifndef YZ_SERVER_QR_H
#define YZ_SERVER_QR_H

#include "geo/base/buf.h"
#include "geo/base/err.h"

enum { QR_TEXT_MAX = 200 /* bytes */ };

/* Appends an SVG picture of the text, dark on light with the quiet zone that readers need, that
 * bears damage to 15 % of it. ERR_LIMIT: the text is too long, or empty; ERR_NOMEM. */
enum err qr_svg(const char *text, struct buf *out);

#endif
