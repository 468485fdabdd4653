#include "data/import_file.h"

#include "data/db_foreign.h"
#include "data/import_xml.h"
#include "geo/base/archive.h"
#include "geo/base/text.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    SUFFIX = 8,
    TITLES = 20,    /* lines above a table's header at most */
    COLUMNS = 2000, /* of a table: GDAL tells the names of so many apart in milliseconds */
    PRJ = 64 << 10
};

/* By the end of the name; `packed`: an archive that holds one of the others. */
static const struct kind {
    const char *suffix;
    enum ogr_format format;
    bool packed;
} kinds[] = {
    {"csv", OGR_CSV, false},   {"tsv", OGR_CSV, false},         {"xlsx", OGR_XLSX, false},
    {"ods", OGR_ODS, false},   {"geojson", OGR_GEOJSON, false}, {"json", OGR_GEOJSON, false},
    {"gpkg", OGR_GPKG, false}, {"kml", OGR_KML, false},         {"shp", OGR_SHP, false},
    {"zip", OGR_SHP, true},    {"kmz", OGR_KML, true},
};

/* The parts of a shapefile, the one that GDAL opens first. */
static const char *const shape_suffixes[] = {"shp", "shx", "dbf", "prj", "cpg"};
enum { SHAPE_PARTS = sizeof shape_suffixes / sizeof *shape_suffixes, DBF = 2, CPG = 4 };

static const char *suffix_of(const char *name)
{
    const char *dot = strrchr(name, '.'), *slash = strrchr(name, '/');
    return dot && (!slash || dot > slash) ? dot + 1 : "";
}

static const struct kind *kind_of(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (text_same(kinds[i].suffix, suffix_of(name))) return &kinds[i];
    return NULL;
}

static enum err refuse_kind(const char *name, struct why *why)
{
    const char *suffix = suffix_of(name);
    if (text_same(suffix, "xls") || text_same(suffix, "et"))
        return err_say(why, ERR_UNSUPPORTED,
                       "a .%s workbook is not read: open it and save it as .xlsx", suffix);
    return err_say(why, ERR_FORMAT,
                   "its name must end in .csv, .tsv, .xlsx, .ods, .geojson, .json, .gpkg, .kml, "
                   ".kmz, .shp or .zip");
}

static bool begins(const void *bytes, size_t len, const char *magic, size_t n)
{
    return len >= n && memcmp(bytes, magic, n) == 0;
}

/* What a name promises and the bytes are not, where it can be said how to mend it. */
static enum err check_magic(const struct kind *kind, const void *bytes, size_t len, struct why *why)
{
    bool zipped = kind->packed || kind->format == OGR_XLSX || kind->format == OGR_ODS;
    if (len == 0) return err_say(why, ERR_FORMAT, "it is empty");
    if (begins(bytes, len, "\xd0\xcf\x11\xe0", 4))
        return err_say(why, ERR_UNSUPPORTED,
                       "it is an old .xls workbook, or one protected by a password: open it and "
                       "save it as .xlsx without one");
    if (!zipped && begins(bytes, len, "PK\3\4", 4))
        return err_say(why, ERR_FORMAT,
                       "it is a workbook or an archive although its name ends in .%s: call it "
                       ".xlsx or .zip",
                       kind->suffix);
    return ERR_OK;
}

/* Takes memory over, and tells it as a part. */
static enum err add_made(struct import_file *file, const char *suffix, void *bytes, size_t len)
{
    if (file->count == OGR_FILE_PARTS || file->made_count == OGR_FILE_PARTS) {
        free(bytes);
        return ERR_LIMIT;
    }
    file->made[file->made_count++] = bytes;
    file->parts[file->count++] = (struct ogr_part){suffix, bytes, len};
    return ERR_OK;
}

static enum err add_buf(struct import_file *file, const char *suffix, struct buf *buf)
{
    size_t len = 0;
    buf_putc(buf, '\0');
    enum err e = buf->err;
    char *bytes = e ? NULL : buf_take(buf, &len);
    buf_fini(buf);
    return e ? e : add_made(file, suffix, bytes, len - 1);
}

/* ---- each format ---- */

/* A line without a separator above the header is a title; GDAL would take such a file for none. */
static void skip_titles(struct import_text_lines *lines)
{
    for (int i = 0; i < TITLES; i++) {
        struct import_text_lines next = *lines;
        (void)import_text_next(&next);
        size_t from = lines->offset, len = next.offset - from;
        const char *line = lines->bytes + from;
        if (next.offset == lines->len || memchr(line, ',', len) || memchr(line, ';', len) ||
            memchr(line, '\t', len))
            return;
        *lines = next;
    }
}

/* The columns of the line at hand, by the separator that it has most of. */
static size_t count_columns(const struct import_text_lines *lines)
{
    struct import_text_lines next = *lines;
    size_t commas = 0, semicolons = 0, tabs = 0;
    (void)import_text_next(&next);
    for (size_t i = lines->offset; i < next.offset; i++) {
        commas += lines->bytes[i] == ',';
        semicolons += lines->bytes[i] == ';';
        tabs += lines->bytes[i] == '\t';
    }
    size_t most = commas > semicolons ? commas : semicolons;
    return 1 + (most > tabs ? most : tabs);
}

static enum err take_table(struct import_file *file, const void *bytes, size_t len,
                           const char *encoding, struct why *why)
{
    struct buf text;
    file->encoding = import_text_guess(bytes, len);
    if (encoding) {
        enum err e = import_text_find(encoding, &file->encoding, why);
        if (e) return e;
    }
    buf_init(&text, 2 * len + (1 << 17));
    enum err e = import_text_decode(file->encoding, bytes, len, &text);
    if (e == ERR_UNSUPPORTED)
        (void)err_say(why, e, "this machine cannot convert %s", import_text_name(file->encoding));
    if (!e) e = add_buf(file, "csv", &text);
    buf_fini(&text);
    if (e) return e;
    struct ogr_part *part = &file->parts[file->count - 1];
    file->lines = (struct import_text_lines){part->bytes, part->len, 0, 1};
    skip_titles(&file->lines);
    size_t columns = count_columns(&file->lines);
    if (columns > COLUMNS)
        return err_say(why, ERR_LIMIT, "it has %zu columns: take out those that are not needed",
                       columns);
    part->bytes = file->lines.bytes + file->lines.offset;
    part->len -= file->lines.offset;
    return ERR_OK;
}

static bool is_xml(const char *name)
{
    const char *suffix = suffix_of(name);
    return text_same(suffix, "xml") || text_same(suffix, "rels") || strcmp(name, "mimetype") == 0;
}

/* The archive's XML parts, held to the list's sizes and checksums, in an archive made here: what a
 * stranger's says of itself reaches GDAL no more. */
static enum err take_workbook(struct import_file *file, const struct kind *kind, const void *bytes,
                              size_t len, size_t max_bytes, struct why *why)
{
    struct archive archive;
    struct archive_out out;
    struct buf packed;
    enum err e = archive_init(&archive, bytes, len, max_bytes, why);
    if (e) return e;
    buf_init(&packed, max_bytes + (8 << 20));
    archive_begin(&out, &packed);
    for (size_t i = 0; i < archive.count && !e; i++) {
        const struct archive_entry *entry = &archive.entries[i];
        unsigned char *part = NULL;
        if (!is_xml(entry->name)) continue;
        e = archive_unpack(entry, &part, why);
        if (!e) e = import_xml_check(part, entry->len, why);
        if (!e) archive_add(&out, entry->name, part, entry->len, 0);
        free(part);
    }
    enum err ended = archive_end(&out);
    if (!e) e = ended;
    if (!e) e = add_buf(file, kind->suffix, &packed);
    buf_fini(&packed);
    archive_fini(&archive);
    return e;
}

static enum err take_database(struct import_file *file, const void *bytes, size_t len,
                              struct why *why)
{
    void *copy = malloc(len); /* its header may have to change */
    if (!copy) return ERR_NOMEM;
    memcpy(copy, bytes, len);
    enum err e = add_made(file, "gpkg", copy, len);
    return e ? e : db_foreign_check(copy, len, why);
}

static enum err take_kml(struct import_file *file, const void *bytes, size_t len, struct why *why)
{
    enum err e = import_xml_check(bytes, len, why);
    if (!e) file->parts[file->count++] = (struct ogr_part){"kml", bytes, len};
    return e;
}

/* What a .cpg, or the code page in a .dbf's header, says; NULL if nothing that is known. */
static const struct import_text_encoding *declared(const struct ogr_part *dbf,
                                                   const struct ogr_part *cpg)
{
    enum { LANGUAGE = 29, CP936 = 0x4d, GBK = 0x7a };
    const unsigned char *header = dbf->bytes;
    const struct import_text_encoding *found = NULL;
    char word[32];
    const char *text = cpg ? cpg->bytes : "";
    size_t len = cpg ? cpg->len : 0;
    text_trim(&text, &len);
    if (len > 5 && strncmp(text, "ANSI ", 5) == 0) text += 5, len -= 5;
    if (len < sizeof word) {
        if (len) memcpy(word, text, len);
        word[len] = '\0';
        if (len && !import_text_find(word, &found, NULL)) return found;
    }
    if (header[LANGUAGE] == CP936 || header[LANGUAGE] == GBK)
        (void)import_text_find("gb18030", &found, NULL);
    return found;
}

static enum err find_dbf_encoding(struct import_file *file, const char *encoding, struct why *why)
{
    enum { HEADER = 32, HEADER_LEN = 8 };
    const struct ogr_part *dbf = NULL, *cpg = NULL;
    for (size_t i = 0; i < file->count; i++) {
        if (strcmp(file->parts[i].suffix, "dbf") == 0) dbf = &file->parts[i];
        if (strcmp(file->parts[i].suffix, "cpg") == 0) cpg = &file->parts[i];
    }
    if (encoding) return import_text_find(encoding, &file->encoding, why);
    if (!dbf || dbf->len < HEADER)
        return err_say(why, ERR_FORMAT, "its .dbf is missing: a shapefile is .shp, .dbf and .shx");
    file->encoding = declared(dbf, cpg);
    if (file->encoding) return ERR_OK;
    const unsigned char *bytes = dbf->bytes;
    size_t start = (size_t)bytes[HEADER_LEN] | (size_t)bytes[HEADER_LEN + 1] << 8;
    if (start > dbf->len) start = dbf->len;
    file->encoding = import_text_guess(bytes + start, dbf->len - start);
    return ERR_OK;
}

/* ---- archives ---- */

static bool is_junk(const char *name)
{
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    return strncmp(name, "__MACOSX/", 9) == 0 || *base == '.';
}

static bool same_stem(const char *a, const char *b)
{
    size_t n = (size_t)(suffix_of(a) - a);
    return n == (size_t)(suffix_of(b) - b) && strncmp(a, b, n) == 0;
}

static enum err unpack_part(struct import_file *file, const char *suffix,
                            const struct archive_entry *entry, struct why *why)
{
    unsigned char *bytes;
    if (strcmp(suffix, "prj") == 0 && entry->len > PRJ)
        return err_say(why, ERR_LIMIT, "its .prj is larger than %d KiB", PRJ >> 10);
    enum err e = archive_unpack(entry, &bytes, why);
    return e ? e : add_made(file, suffix, bytes, entry->len);
}

/* The shapefile whose .shp is entry `main`. */
static enum err unpack_shape(struct import_file *file, const struct archive *archive, size_t main,
                             struct why *why)
{
    enum err e = ERR_OK;
    for (size_t k = 0; k < SHAPE_PARTS && !e; k++)
        for (size_t i = 0; i < archive->count && !e; i++) {
            const char *name = archive->entries[i].name;
            if (!text_same(suffix_of(name), shape_suffixes[k])) continue;
            if (!same_stem(name, archive->entries[main].name)) continue;
            e = unpack_part(file, shape_suffixes[k], &archive->entries[i], why);
            break;
        }
    file->format = OGR_SHP;
    return e;
}

/* The one file in the archive that can be read: of several, none, but the first KML of a KMZ. */
static enum err find_main(const struct archive *archive, const struct kind *kind, size_t *main,
                          struct why *why)
{
    size_t found = 0;
    for (size_t i = 0; i < archive->count; i++) {
        const char *name = archive->entries[i].name;
        const struct kind *inner = kind_of(name);
        bool fits = inner && !inner->packed && !is_junk(name) &&
                    (kind->format == OGR_SHP || inner->format == OGR_KML);
        if (!fits) continue;
        if (found++ == 0) *main = i;
    }
    if (!found) return err_say(why, ERR_FORMAT, "there is no file in it that can be read");
    if (found > 1 && kind->format == OGR_SHP)
        return err_say(why, ERR_FORMAT,
                       "there are %zu files in it that could be read: send them one by one", found);
    return ERR_OK;
}

static enum err take(struct import_file *file, const char *name, const void *bytes, size_t len,
                     const char *encoding, const struct import_file_limits *limits,
                     struct why *why);

static enum err take_archive(struct import_file *file, const struct kind *kind, const void *bytes,
                             size_t len, const char *encoding,
                             const struct import_file_limits *limits, struct why *why)
{
    struct archive archive;
    size_t main = 0;
    unsigned char *inner = NULL;
    enum err e = archive_init(&archive, bytes, len, limits->unpacked, why);
    if (e) return e;
    e = find_main(&archive, kind, &main, why);
    const struct archive_entry *entry = &archive.entries[main];
    if (!e && kind_of(entry->name)->format == OGR_SHP) {
        e = unpack_shape(file, &archive, main, why);
        if (!e) e = find_dbf_encoding(file, encoding, why);
    } else if (!e) {
        e = archive_unpack(entry, &inner, why);
        if (!e) {
            file->made[file->made_count++] = inner;
            e = take(file, entry->name, inner, entry->len, encoding, limits, why);
        }
    }
    archive_fini(&archive);
    return e;
}

/* ---- the whole ---- */

static enum err take(struct import_file *file, const char *name, const void *bytes, size_t len,
                     const char *encoding, const struct import_file_limits *limits, struct why *why)
{
    const struct kind *kind = kind_of(name);
    if (!kind) return refuse_kind(name, why);
    if (len > limits->bytes)
        return err_say(why, ERR_LIMIT, "it is larger than %zu MiB: split it", limits->bytes >> 20);
    enum err e = check_magic(kind, bytes, len, why);
    if (e) return e;
    if (kind->packed) return take_archive(file, kind, bytes, len, encoding, limits, why);
    file->format = kind->format;
    switch (kind->format) {
    case OGR_CSV:
        return take_table(file, bytes, len, encoding, why);
    case OGR_XLSX:
    case OGR_ODS:
        return take_workbook(file, kind, bytes, len, limits->unpacked, why);
    case OGR_GPKG:
        return take_database(file, bytes, len, why);
    case OGR_KML:
        return take_kml(file, bytes, len, why);
    case OGR_SHP:
        return err_say(why, ERR_FORMAT,
                       "a .shp alone has no names: pack it with its .dbf, .shx and .prj into a "
                       ".zip");
    default:
        break;
    }
    file->parts[file->count++] = (struct ogr_part){"geojson", bytes, len};
    return ERR_OK;
}

enum err import_file_take(struct import_file *file, const char *name, const void *bytes, size_t len,
                          const char *encoding, const struct import_file_limits *limits,
                          struct why *why)
{
    *file = (struct import_file){0};
    return take(file, name, bytes, len, encoding, limits, why);
}

static enum err map_file(struct import_file *file, const char *path,
                         const struct import_file_limits *limits, struct file_map **map,
                         struct why *why)
{
    *map = &file->maps[file->map_count];
    enum err e = file_map(path, *map, why);
    if (e) return e;
    file->map_count++;
    if ((*map)->size > limits->bytes)
        return err_say(why, ERR_LIMIT, "it is larger than %zu MiB: split it", limits->bytes >> 20);
    return ERR_OK;
}

/* The name of the one .shp in a folder. */
static enum err find_shape(const char *folder, char path[PATH_MAX], struct why *why)
{
    DIR *dir = opendir(folder);
    size_t found = 0;
    if (!dir) return err_say(why, ERR_NOTFOUND, "the folder cannot be read");
    for (struct dirent *entry; (entry = readdir(dir));)
        if (text_same(suffix_of(entry->d_name), "shp") && entry->d_name[0] != '.' &&
            !file_join(path, PATH_MAX, folder, entry->d_name))
            found++;
    closedir(dir);
    if (found == 1) return ERR_OK;
    return err_say(why, ERR_FORMAT, "the folder holds %zu shapefiles: name one", found);
}

/* A .shp and what lies beside it, with suffixes of either case. */
static enum err open_shape(struct import_file *file, const char *path, const char *encoding,
                           const struct import_file_limits *limits, struct why *why)
{
    size_t stem = (size_t)(suffix_of(path) - path);
    enum err e = ERR_OK;
    for (size_t k = 0; k < SHAPE_PARTS && !e; k++) {
        char part[PATH_MAX], big[SUFFIX];
        struct stat st;
        struct file_map *map;
        for (size_t i = 0; i <= strlen(shape_suffixes[k]); i++) {
            char c = shape_suffixes[k][i];
            big[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        }
        (void)snprintf(part, sizeof part, "%.*s%s", (int)stem, path, shape_suffixes[k]);
        if (stat(part, &st)) (void)snprintf(part, sizeof part, "%.*s%s", (int)stem, path, big);
        if (k && stat(part, &st)) continue;
        e = map_file(file, part, limits, &map, why);
        if (!e)
            file->parts[file->count++] =
                (struct ogr_part){shape_suffixes[k], map->bytes, map->size};
    }
    file->format = OGR_SHP;
    return e ? e : find_dbf_encoding(file, encoding, why);
}

enum err import_file_open(struct import_file *file, const char *path, const char *encoding,
                          const struct import_file_limits *limits, struct why *why)
{
    char inner[PATH_MAX];
    struct file_map *map;
    struct stat st;
    *file = (struct import_file){0};
    if (!stat(path, &st) && S_ISDIR(st.st_mode)) {
        enum err e = find_shape(path, inner, why);
        return e ? e : open_shape(file, inner, encoding, limits, why);
    }
    const struct kind *kind = kind_of(path);
    if (!kind) return refuse_kind(path, why);
    if (kind->format == OGR_SHP && !kind->packed)
        return open_shape(file, path, encoding, limits, why);
    enum err e = map_file(file, path, limits, &map, why);
    return e ? e : take(file, path, map->bytes, map->size, encoding, limits, why);
}

void import_file_fini(struct import_file *file)
{
    for (size_t i = 0; i < file->map_count; i++)
        file_unmap(&file->maps[i]);
    for (size_t i = 0; i < file->made_count; i++)
        free(file->made[i]);
    *file = (struct import_file){0};
}
