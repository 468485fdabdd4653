#include "data/osm_format.h"

#include "geo/base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where XML starts: behind a byte order mark and white space. */
static size_t skip_blank(const char *text, size_t size)
{
    size_t i = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (i < size && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n'))
        i++;
    return i;
}

const char *osm_format_of(const void *bytes, size_t size)
{
    const char *text = bytes;
    if (size >= 2 && memcmp(text, "\x1f\x8b", 2) == 0) return "osm.gz";
    if (size >= 3 && memcmp(text, "BZh", 3) == 0) return "osm.bz2";
    /* A blob header of 13 bytes or so: its length in four bytes, a field tag, the type's length. */
    if (size >= 15 && memcmp(text + 6, "OSMHeader", 9) == 0) return "osm.pbf";
    size_t i = skip_blank(text, size);
    return i < size && text[i] == '<' ? "osm" : NULL;
}

enum err osm_format_find(const char *path, const char **format, char absolute[PATH_MAX],
                         struct why *why)
{
    struct file_map map;
    enum err e = file_map(path, &map, why);
    if (e) return e;
    const char *found = map.size ? osm_format_of(map.bytes, map.size) : NULL;
    if (map.size == 0)
        e = err_say(why, ERR_FORMAT, "%s is empty", path);
    else if (!found)
        e = err_say(why, ERR_FORMAT,
                    "%s is not OpenStreetMap data: expected .osm, .osm.gz, .osm.bz2 or .osm.pbf",
                    path);
    else if (!realpath(path, absolute))
        e = err_say(why, err_from_errno(errno), "cannot find %s", path);
    file_unmap(&map);
    if (!e) *format = found;
    return e;
}

bool osm_format_pairs(const unsigned char *bytes, size_t len)
{
    size_t ends = 0;
    for (size_t i = 0; i < len; i++)
        ends += bytes[i] == '\0';
    return ends % 2 == 0 && (len == 0 || bytes[len - 1] == '\0');
}
