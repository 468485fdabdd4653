#include "data/export_cell.h"

#include "data/export_shape.h"
#include "geo/base/text.h"

#include <string.h>

enum { WGS84 = 4326, NUMBER = 40 };

int export_cell_epsg(const struct crs *crs)
{
    int64_t code = 0;
    const char *name = crs_name(crs);
    if (!crs) return WGS84;
    if (strncmp(name, "EPSG:", 5) == 0)
        (void)text_int(name + 5, strlen(name + 5), 1, 999999, &code);
    return (int)code;
}

bool export_cell_is_formula(const char *text, size_t len)
{
    static const char *const begins[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                         "\n", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        size_t n = strlen(begins[i]);
        if (len >= n && memcmp(text, begins[i], n) == 0) return true;
    }
    return false;
}

const char *export_cell_safe(struct arena *arena, enum ogr_format format, const char *text)
{
    double number;
    size_t len = strlen(text);
    bool runs = export_cell_is_formula(text, len) && !text_double(text, len, &number);
    if (format != OGR_CSV || !runs) return text;
    return arena_printf(arena, "'%s", text);
}

const char *export_cell_degrees(struct arena *arena, const struct crs *crs, double value)
{
    char text[NUMBER];
    export_shape_number(value, export_shape_decimals(crs), text);
    return arena_strdup(arena, text);
}
