#include "geo/place/placepart_file.h"

#include "geo/base/file.h"
#include "geo/base/jobs.h"
#include "geo/base/large.h"
#include "geo/base/zip.h"
#include "geo/place/placepart_raise.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE_BYTES = 8 << 20, READ_BYTES = 1 << 19, SPARE_BYTES = 256 << 20 };

static const char zeros[PLACEPART_FILE_ALIGN];
const struct placepart_more placepart_file_sample = {.id = 0x0102030405060708,
                                                     .amenities = 0x1112131415161718,
                                                     .texts = 0x21222324,
                                                     .version = 0x31323334,
                                                     .capacity = 0x414243,
                                                     .doubted = 1,
                                                     .category = 0x2a,
                                                     .confirmed_s = 0x51525354};

static const size_t item_sizes[] = {
#define ITEM_SIZE(name, type) sizeof(type),
    PLACEPART_FILE_SECTIONS(ITEM_SIZE)
#undef ITEM_SIZE
};
static const char *const section_names[] = {
#define SECTION_NAME(name, type) #name,
    PLACEPART_FILE_SECTIONS(SECTION_NAME)
#undef SECTION_NAME
};

static size_t padding(uint64_t bytes)
{
    return (size_t)(-bytes % PLACEPART_FILE_ALIGN);
}

static uint32_t header_crc(const struct placepart_file_header *header)
{
    return zip_crc32(0, (const char *)header + PLACEPART_FILE_CRC_START,
                     sizeof *header - PLACEPART_FILE_CRC_START);
}

/* --- writing --- */

struct writing {
    struct placepart_file_header header;
    const void *items[PLACEPART_FILE_SECTION_COUNT];
    uint32_t *by_id;
    const struct progress *progress;
    uint64_t done; /* bytes, of twice the file's size: summed up, and written */
    size_t owed;   /* written since the last flush */
};

static enum err list_sections(struct writing *w, const struct placepart *part)
{
    struct placepart_file_entry *s = w->header.sections;
    uint64_t n = part->count, text_bytes = 0;
    if (n) {
        const char *last = part->texts + part->more[n - 1].texts, *text = last + PLACEPART_HEAD;
        unsigned head = (unsigned char)last[0] | (unsigned)(unsigned char)last[1] << 8;
        for (unsigned t = 0; t < PLACESET_TEXTS; t++)
            if (head >> t & 1) text += strlen(text) + 1;
        text_bytes = (uint64_t)(text - part->texts);
    }
    if (!(w->by_id = malloc((n + 1) * sizeof *w->by_id))) return ERR_NOMEM;
    for (uint32_t k = 0; k < n; k++)
        w->by_id[k] = part->index[k].index;
#define SECTION(name, given, number)                                                               \
    w->items[PLACEPART_FILE_##name] = (given);                                                     \
    s[PLACEPART_FILE_##name].count = (number);
    SECTION(texts, part->texts, text_bytes)
    SECTION(more, part->more, n)
    SECTION(coords, part->coords, n)
    SECTION(hours, openings_numbers(part->openings), n * OPENINGS_KINDS)
    SECTION(items, part->tree.items, n)
    SECTION(by_id, w->by_id, n)
    SECTION(closings, part->closings, part->closing_count)
    SECTION(reasons, part->reasons.bytes, part->reasons.len)
#undef SECTION
    return ERR_OK;
}

/* The disk never owes two pieces. */
static enum err write_piece(struct writing *w, struct file_out *out, const char *bytes, size_t n)
{
    enum err e = file_write(out, bytes, n);
    w->owed += n;
    if (e || w->owed < PIECE_BYTES) return e;
    w->owed = 0;
    return file_flush(out);
}

/* Goes through a section piece by piece. `out` NULL: only sums it up. */
static enum err put_section(struct writing *w, unsigned section, struct file_out *out)
{
    struct placepart_file_entry *entry = &w->header.sections[section];
    const char *from = w->items[section];
    uint64_t left = entry->count * entry->item_size;
    enum err e = ERR_OK;
    while (left && !e) {
        size_t n = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;
        if (!out) entry->crc = zip_crc32(entry->crc, from, n);
        if (out) e = write_piece(w, out, from, n);
        from += n;
        left -= n;
        w->done += n;
        if (!e && !progress_say(w->progress, "places", w->done, 2 * w->header.file_size))
            e = ERR_CANCELLED;
    }
    return e;
}

static enum err fill_header(struct writing *w)
{
    struct placepart_file_header *header = &w->header;
    uint64_t offset = sizeof *header + padding(sizeof *header);
    enum err e = ERR_OK;
    for (unsigned i = 0; i < PLACEPART_FILE_SECTION_COUNT; i++) {
        struct placepart_file_entry *entry = &header->sections[i];
        uint64_t bytes = entry->count * item_sizes[i];
        entry->offset = offset;
        entry->item_size = (uint32_t)item_sizes[i];
        offset += bytes + padding(bytes);
    }
    header->file_size = offset;
    for (unsigned i = 0; i < PLACEPART_FILE_SECTION_COUNT && !e; i++)
        e = put_section(w, i, NULL);
    header->crc = header_crc(header);
    return e;
}

static enum err write_all(struct writing *w, const char *path, struct why *why)
{
    struct file_out *out;
    enum err e = file_create(path, &out, why);
    if (e) return e;
    /* Errors stick in `out` and are told by the commit. */
    (void)file_reserve(out, w->header.file_size, SPARE_BYTES);
    (void)file_write(out, &w->header, sizeof w->header);
    (void)file_write(out, zeros, padding(sizeof w->header));
    for (unsigned i = 0; i < PLACEPART_FILE_SECTION_COUNT && !e; i++) {
        e = put_section(w, i, out);
        (void)file_write(out, zeros, padding(w->header.sections[i].count * item_sizes[i]));
    }
    if (e != ERR_CANCELLED) return file_commit(out, why);
    file_abandon(out);
    return e;
}

enum err placepart_file_write(const char *path, const struct placepart *part, const void *note,
                              size_t note_len, const struct progress *progress, struct why *why)
{
    struct writing w = {.header = {.magic = PLACEPART_FILE_MAGIC,
                                   .version = PLACEPART_FILE_VERSION,
                                   .sample = placepart_file_sample},
                        .progress = progress};
    if (note_len > PLACEPART_FILE_NOTE) return err_say(why, ERR_LIMIT, "the note is too long");
    memcpy(w.header.note, note, note_len);
    enum err e = list_sections(&w, part);
    if (!e) e = fill_header(&w);
    if (!e) e = write_all(&w, path, why);
    free(w.by_id);
    return e;
}

/* --- reading --- */

struct placepart_file {
    struct file_in *in;
    struct placepart_file_header header;
};

static enum err check_sections(const struct placepart_file_header *header, size_t size,
                               const char *path, struct why *why)
{
    const struct placepart_file_entry *s = header->sections;
    for (unsigned i = 0; i < PLACEPART_FILE_SECTION_COUNT; i++) {
        bool inside = s[i].offset <= size && s[i].item_size == item_sizes[i] &&
                      s[i].count <= (size - s[i].offset) / item_sizes[i];
        if (!inside || s[i].count >= UINT32_MAX)
            return err_say(why, ERR_FORMAT, "%s: its section %s lies outside of it", path,
                           section_names[i]);
    }
    uint64_t n = s[PLACEPART_FILE_more].count;
    if (n > INT32_MAX || s[PLACEPART_FILE_coords].count != n ||
        s[PLACEPART_FILE_items].count != n || s[PLACEPART_FILE_by_id].count != n ||
        s[PLACEPART_FILE_hours].count != n * OPENINGS_KINDS || s[PLACEPART_FILE_closings].count > n)
        return err_say(why, ERR_FORMAT, "%s: its sections do not fit together", path);
    return ERR_OK;
}

static enum err check_header(const struct placepart_file *file, const char *path, struct why *why)
{
    const struct placepart_file_header *header = &file->header;
    size_t size = file_size(file->in);
    if (memcmp(header->magic, PLACEPART_FILE_MAGIC, sizeof header->magic) != 0)
        return err_say(why, ERR_FORMAT, "%s is no file of places", path);
    if (header->version != PLACEPART_FILE_VERSION ||
        memcmp(&header->sample, &placepart_file_sample, sizeof header->sample) != 0)
        return err_say(why, ERR_VERSION, "%s was written by another program", path);
    if (header->crc != header_crc(header))
        return err_say(why, ERR_CHECKSUM,
                       "%s is damaged: the checksum of its header does not match", path);
    if (header->file_size != size)
        return err_say(why, ERR_TRUNCATED, "%s has %zu bytes and should have %llu", path, size,
                       (unsigned long long)header->file_size);
    return check_sections(header, size, path, why);
}

enum err placepart_file_open(const char *path, struct placepart_file **file, struct why *why)
{
    struct placepart_file *opened = calloc(1, sizeof *opened);
    if (!opened) return err_say(why, ERR_NOMEM, "no memory to read %s", path);
    enum err e = file_open(path, &opened->in, why);
    if (!e) e = file_read_at(opened->in, 0, &opened->header, sizeof opened->header, why);
    if (!e) e = check_header(opened, path, why);
    if (e)
        placepart_file_close(opened);
    else
        *file = opened;
    return e;
}

void placepart_file_close(struct placepart_file *file)
{
    if (!file) return;
    file_close(file->in);
    free(file);
}

const void *placepart_file_note(const struct placepart_file *file)
{
    return file->header.note;
}

uint64_t placepart_file_count(const struct placepart_file *file)
{
    return file->header.sections[PLACEPART_FILE_more].count;
}

struct reading {
    const struct placepart_file *file;
    void *to[PLACEPART_FILE_SECTION_COUNT];
    enum err failures[PLACEPART_FILE_SECTION_COUNT];
    struct why whys[PLACEPART_FILE_SECTION_COUNT];
};

static enum err allocate(const struct placepart_file *file, struct reading *r,
                         struct placepart *part)
{
    const struct placepart_file_entry *s = file->header.sections;
    struct box_e7 *leaves;
    uint32_t *items;
    part->count = (uint32_t)s[PLACEPART_FILE_more].count;
    part->closing_count = (uint32_t)s[PLACEPART_FILE_closings].count;
    part->reasons.len = part->reasons.size = (uint32_t)s[PLACEPART_FILE_reasons].count;
    enum err e = rtree_begin(part->count, &part->tree, &leaves, &items);
    if (e) return e;
    r->to[PLACEPART_FILE_items] = items;
    for (unsigned i = 0; i < PLACEPART_FILE_SECTION_COUNT; i++)
        if (i != PLACEPART_FILE_items &&
            !(r->to[i] = large_alloc((s[i].count + 1) * item_sizes[i])))
            e = ERR_NOMEM;
    part->texts = r->to[PLACEPART_FILE_texts];
    part->more = r->to[PLACEPART_FILE_more];
    part->coords = r->to[PLACEPART_FILE_coords];
    part->closings = r->to[PLACEPART_FILE_closings];
    part->reasons.bytes = r->to[PLACEPART_FILE_reasons];
    return e;
}

/* Summed up while it is still in the cache. */
static void read_section(void *user, size_t section)
{
    struct reading *r = user;
    const struct placepart_file_entry *entry = &r->file->header.sections[section];
    char *to = r->to[section];
    size_t left = (size_t)entry->count * entry->item_size, offset = (size_t)entry->offset;
    uint32_t crc = 0;
    enum err e = ERR_OK;
    while (left && !e) {
        size_t n = left < READ_BYTES ? left : READ_BYTES;
        e = file_read_at(r->file->in, offset, to, n, &r->whys[section]);
        if (!e) crc = zip_crc32(crc, to, n);
        to += n;
        offset += n;
        left -= n;
    }
    if (!e && crc != entry->crc)
        e = err_say(&r->whys[section], ERR_CHECKSUM,
                    "the checksum of its section %s does not match", section_names[section]);
    r->failures[section] = e;
}

static enum err read_sections(struct reading *r, struct why *why)
{
    bool few = r->file->header.file_size < PIECE_BYTES;
    jobs_run(few ? 1 : jobs_threads(), PLACEPART_FILE_SECTION_COUNT, read_section, r);
    for (unsigned i = 0; i < PLACEPART_FILE_SECTION_COUNT; i++)
        if (r->failures[i]) return err_say(why, r->failures[i], "%s", r->whys[i].text);
    return ERR_OK;
}

enum err placepart_file_read(const struct placepart_file *file, unsigned categories,
                             unsigned amenities, struct placepart **part, struct why *why)
{
    struct reading r = {.file = file};
    struct placepart *made = calloc(1, sizeof *made);
    if (!made) return err_say(why, ERR_NOMEM, "no memory for places");
    atomic_init(&made->references, 1);
    enum err e = allocate(file, &r, made);
    e = e ? err_say(why, e, "no memory for %u places", made->count) : read_sections(&r, why);
    const struct placepart_raw raw = {.part = made,
                                      .text_bytes =
                                          (size_t)file->header.sections[PLACEPART_FILE_texts].count,
                                      .by_id = r.to[PLACEPART_FILE_by_id],
                                      .hours = r.to[PLACEPART_FILE_hours],
                                      .categories = categories,
                                      .amenities = amenities};
    if (!e) e = placepart_raise(&raw, why);
    free(r.to[PLACEPART_FILE_by_id]);
    free(r.to[PLACEPART_FILE_hours]);
    if (e)
        placepart_release(made);
    else
        *part = made;
    return e;
}
