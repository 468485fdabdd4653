#include "server/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

enum { QUIET = 4 /* modules around it, which the standard asks for */ };

/* One path: a bar for each run of dark modules in a row. */
static void draw(const QRcode *code, struct buf *out)
{
    int width = code->width;
    for (int y = 0; y < width; y++)
        for (int x = 0; x < width;) {
            int from = x;
            while (x < width && code->data[y * width + x] & 1)
                x++;
            if (x > from)
                buf_printf(out, "M%d,%dh%dv1h-%dz", from + QUIET, y + QUIET, x - from, x - from);
            else
                x++;
        }
}

enum err qr_svg(const char *text, struct buf *out)
{
    size_t len = strlen(text);
    if (len == 0 || len > QR_TEXT_MAX) return ERR_LIMIT;
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code) return errno == ENOMEM ? ERR_NOMEM : ERR_LIMIT;
    int side = code->width + 2 * QUIET;
    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
               "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0,0h%dv%dh-%dz\"/><path "
               "d=\"",
               side, side, side, side, side);
    draw(code, out);
    buf_printf(out, "\"/></svg>");
    QRcode_free(code);
    return out->err;
}
