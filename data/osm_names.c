#include "data/osm_names.h"

#include "geo/base/buf.h"
#include "geo/base/text.h"

#include <string.h>

enum { ADDRESS_BYTES = 1024 };

/* The first of the keys that has a value; "" if none has. */
static const char *first_of(const struct osm_tags *tags, const char *const *keys)
{
    for (; *keys; keys++) {
        const char *value = osm_tags_get(tags, *keys);
        if (value && *value) return value;
    }
    return "";
}

static const char *const name_keys[] = {"name:zh",  "name:zh-Hans", "name", "official_name",
                                        "brand:zh", "brand",        NULL};
static const char *const area_name_keys[] = {"name:zh", "name:zh-Hans", "name", "official_name",
                                             NULL};
static const char *const name_en_keys[] = {"name:en", "int_name", "brand:en", NULL};
static const char *const area_name_en_keys[] = {"name:en", "int_name", NULL};
static const char *const phone_keys[] = {"phone", "contact:phone", "mobile", "contact:mobile",
                                         NULL};
static const char *const hours_keys[] = {"opening_hours", NULL};
static const char *const hours_self_keys[] = {"opening_hours:self_service", NULL};

static const char *const other_keys[] = {
    "name:zh",       "name:zh-Hans",     "name",        "official_name:zh", "official_name",
    "short_name:zh", "short_name",       "alt_name:zh", "alt_name",         "loc_name:zh",
    "loc_name",      "old_name:zh",      "old_name",    "name:zh-Hant",     "alt_name:en",
    "short_name:en", "official_name:en",
};
enum { OTHERS = sizeof other_keys / sizeof *other_keys, OTHER_BYTES = 1000, CAPACITY = 100000 };

/* From the large to the small. */
static const char *const address_keys[] = {
    "addr:province", "addr:state",  "addr:city",        "addr:district", "addr:subdistrict",
    "addr:place",    "addr:street", "addr:housenumber", "addr:unit",
};
enum { PARTS = sizeof address_keys / sizeof *address_keys, STREET = 6, NUMBER = 7 };

/* Whether there is a character of the CJK ideographs' first and largest block, U+4E00 to U+9FFF:
 * in UTF-8 E4 B8 80 to E9 BF BF. */
static bool is_chinese(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; c[0]; c++)
        if ((c[0] == 0xE4 && c[1] >= 0xB8) || (c[0] > 0xE4 && c[0] <= 0xE9)) return true;
    return false;
}

static bool is_number(const char *text)
{
    return *text && strspn(text, "0123456789-") == strlen(text);
}

static void write_chinese(const char *const *parts, struct buf *buf)
{
    const char *before = "";
    for (size_t i = 0; i < PARTS; i++) {
        if (!parts[i] || strcmp(parts[i], before) == 0) continue;
        buf_puts(buf, parts[i]);
        if (i == NUMBER && is_number(parts[i])) buf_puts(buf, "号");
        before = parts[i];
    }
}

static void write_western(const char *const *parts, struct buf *buf)
{
    const char *before = "";
    if (parts[NUMBER]) buf_puts(buf, parts[NUMBER]);
    if (parts[NUMBER] && parts[STREET]) buf_putc(buf, ' ');
    if (parts[STREET]) buf_puts(buf, parts[STREET]);
    for (size_t i = STREET; i-- > 0;) {
        if (!parts[i] || strcmp(parts[i], before) == 0) continue;
        if (buf->len) buf_puts(buf, ", ");
        buf_puts(buf, parts[i]);
        before = parts[i];
    }
}

static enum err make_address(const struct osm_tags *tags, struct arena *arena, const char **address)
{
    const char *parts[PARTS], *full = osm_tags_get(tags, "addr:full");
    bool chinese = false, any = false;
    struct buf buf;
    if (full && *full) {
        *address = full;
        return ERR_OK;
    }
    for (size_t i = 0; i < PARTS; i++) {
        parts[i] = osm_tags_get(tags, address_keys[i]);
        any = any || parts[i];
        chinese = chinese || (parts[i] && is_chinese(parts[i]));
    }
    if (!any) return ERR_OK;
    buf_init(&buf, ADDRESS_BYTES);
    if (chinese)
        write_chinese(parts, &buf);
    else
        write_western(parts, &buf);
    const char *made = buf.err ? NULL : arena_strndup(arena, buf.bytes ? buf.bytes : "", buf.len);
    enum err e = buf.err == ERR_LIMIT ? ERR_OK : made ? ERR_OK : ERR_NOMEM; /* overlong: none */
    buf_fini(&buf);
    if (made) *address = made;
    return e;
}

/* Whether `name` is one of the names between semicolons in `list`. */
static bool is_listed(const char *list, size_t list_len, const char *name, size_t len)
{
    for (const char *at = list, *end = list + list_len; at < end;) {
        const char *stop = memchr(at, ';', (size_t)(end - at));
        size_t n = (size_t)((stop ? stop : end) - at);
        if (n == len && memcmp(at, name, n) == 0) return true;
        at += n + 1;
    }
    return false;
}

/* Adds those of one tag, which may hold several. */
static void add_names(const char *value, const struct osm_names *read, struct buf *out)
{
    while (*value) {
        const char *name = value;
        size_t n = strcspn(value, ";"), len = n;
        value += n + (value[n] == ';');
        text_trim(&name, &len);
        bool known = !len || is_listed(read->name, strlen(read->name), name, len) ||
                     is_listed(read->name_en, strlen(read->name_en), name, len) ||
                     is_listed(out->bytes ? out->bytes : "", out->len, name, len);
        if (known || out->len + len + 1 > OTHER_BYTES) continue;
        if (out->len) buf_put(out, ";", 1);
        buf_put(out, name, len);
    }
}

static enum err read_others(const struct osm_tags *tags, struct arena *arena,
                            struct osm_names *read)
{
    const char *capacity = osm_tags_get(tags, "capacity");
    struct buf out;
    buf_init(&out, OTHER_BYTES + 1);
    for (size_t i = 0; i < OTHERS; i++) {
        const char *value = osm_tags_get(tags, other_keys[i]);
        if (value) add_names(value, read, &out);
    }
    read->names = out.len ? arena_strndup(arena, out.bytes, out.len) : "";
    enum err e = out.err ? out.err : read->names ? ERR_OK : ERR_NOMEM;
    buf_fini(&out);
    if (capacity) (void)text_int(capacity, strlen(capacity), 0, CAPACITY, &read->capacity);
    return e;
}

void osm_names_of_area(const struct osm_tags *tags, const char **name, const char **name_en)
{
    *name = first_of(tags, area_name_keys);
    *name_en = first_of(tags, area_name_en_keys);
    if (strcmp(*name, *name_en) == 0) *name_en = "";
}

enum err osm_names_read(const struct osm_tags *tags, struct arena *arena, struct osm_names *names)
{
    struct osm_names read = {
        .name = first_of(tags, name_keys),
        .name_en = first_of(tags, name_en_keys),
        .names = "",
        .address = "",
        .phone = first_of(tags, phone_keys),
        .hours = first_of(tags, hours_keys),
        .hours_self = first_of(tags, hours_self_keys),
    };
    if (strcmp(read.name, read.name_en) == 0) read.name_en = "";
    enum err e = make_address(tags, arena, &read.address);
    if (!e) e = read_others(tags, arena, &read);
    if (!e) *names = read;
    return e;
}
