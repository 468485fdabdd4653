#include "geo/tile/mvt.h"

#include <stdlib.h>
#include <string.h>

/* Field numbers of vector_tile.proto, and protobuf's wire types. */
enum { TILE_LAYER = 3 };
enum { LAYER_NAME = 1, LAYER_FEATURE = 2, LAYER_KEY = 3, LAYER_VALUE = 4, LAYER_EXTENT = 5 };
enum { LAYER_VERSION = 15 };
enum { FEATURE_ID = 1, FEATURE_TAGS = 2, FEATURE_TYPE = 3, FEATURE_GEOMETRY = 4 };
enum { VALUE_STRING = 1, VALUE_DOUBLE = 3, VALUE_INT = 4, VALUE_BOOL = 7 };
enum { WIRE_VARINT = 0, WIRE_BYTES = 2 };
enum { MOVE_TO = 1, LINE_TO = 2, CLOSE_PATH = 7 };

enum { MAX_BYTES = 64 << 20 };

static void put_varint(struct buf *out, uint64_t value)
{
    char bytes[10];
    size_t len = 0;
    for (; value > 127; value >>= 7)
        bytes[len++] = (char)(value | 128);
    bytes[len++] = (char)value;
    buf_put(out, bytes, len);
}

static void put_field(struct buf *out, unsigned field, uint64_t value)
{
    put_varint(out, (uint64_t)field << 3 | WIRE_VARINT);
    put_varint(out, value);
}

static void put_bytes(struct buf *out, unsigned field, const void *bytes, size_t len)
{
    put_varint(out, (uint64_t)field << 3 | WIRE_BYTES);
    put_varint(out, len);
    buf_put(out, bytes, len);
}

static uint64_t zigzag(int64_t value)
{
    return value < 0 ? ~((uint64_t)value << 1) : (uint64_t)value << 1;
}

/* FNV-1a (Fowler, Noll, Vo). */
static uint32_t hash(const char *bytes, size_t len)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)bytes[i]) * 16777619u;
    return h;
}

static void dictionary_init(struct mvt_dictionary *d)
{
    *d = (struct mvt_dictionary){0};
    buf_init(&d->bytes, MAX_BYTES);
}

static void dictionary_fini(struct mvt_dictionary *d)
{
    buf_fini(&d->bytes);
    free(d->offsets);
    free(d->slots);
}

static void dictionary_clear(struct mvt_dictionary *d)
{
    buf_reset(&d->bytes);
    d->count = 0;
    if (d->slots) memset(d->slots, 0, d->slot_count * sizeof *d->slots);
}

static const char *entry_at(const struct mvt_dictionary *d, uint32_t i, size_t *len)
{
    *len = d->offsets[i + 1] - d->offsets[i];
    return d->bytes.bytes + d->offsets[i];
}

/* The slot that holds these bytes, or the free one where they belong. */
static uint32_t *slot_of(const struct mvt_dictionary *d, const char *bytes, size_t len)
{
    for (uint32_t s = hash(bytes, len);; s++) {
        uint32_t *slot = &d->slots[s & (d->slot_count - 1)];
        size_t have;
        if (*slot == 0) return slot;
        const char *entry = entry_at(d, *slot - 1, &have);
        if (have == len && memcmp(entry, bytes, len) == 0) return slot;
    }
}

/* Keeps the table at most half full. */
static enum err dictionary_grow(struct mvt_dictionary *d)
{
    uint32_t size = d->size ? d->size * 2 : 64;
    uint32_t *offsets = realloc(d->offsets, (size + 1) * sizeof *offsets);
    if (!offsets) return ERR_NOMEM;
    d->offsets = offsets;
    d->offsets[0] = 0;
    uint32_t *slots = calloc((size_t)size * 2, sizeof *slots);
    if (!slots) return ERR_NOMEM;
    free(d->slots);
    d->slots = slots;
    d->slot_count = size * 2;
    d->size = size;
    for (uint32_t i = 0; i < d->count; i++) {
        size_t len;
        const char *entry = entry_at(d, i, &len);
        *slot_of(d, entry, len) = i + 1;
    }
    return ERR_OK;
}

static enum err dictionary_put(struct mvt_dictionary *d, const char *bytes, size_t len,
                               uint32_t *index)
{
    enum err e = d->count == d->size ? dictionary_grow(d) : ERR_OK;
    if (e) return e;
    uint32_t *slot = slot_of(d, bytes, len);
    if (*slot == 0) {
        buf_put(&d->bytes, bytes, len);
        if (d->bytes.err) return d->bytes.err;
        d->offsets[++d->count] = (uint32_t)d->bytes.len;
        *slot = d->count;
    }
    *index = *slot - 1;
    return ERR_OK;
}

void mvt_init(struct mvt *mvt, struct buf *out)
{
    *mvt = (struct mvt){.out = out};
    buf_init(&mvt->features, MAX_BYTES);
    buf_init(&mvt->tags, MAX_BYTES);
    buf_init(&mvt->geometry, MAX_BYTES);
    buf_init(&mvt->entry, MAX_BYTES);
    dictionary_init(&mvt->keys);
    dictionary_init(&mvt->values);
}

static void keep_error(struct mvt *mvt, enum err e)
{
    if (!mvt->err) mvt->err = e;
}

enum err mvt_fini(struct mvt *mvt)
{
    keep_error(mvt, mvt->out->err);
    buf_fini(&mvt->features);
    buf_fini(&mvt->tags);
    buf_fini(&mvt->geometry);
    buf_fini(&mvt->entry);
    dictionary_fini(&mvt->keys);
    dictionary_fini(&mvt->values);
    return mvt->err;
}

void mvt_layer(struct mvt *mvt, const char *name)
{
    mvt->layer = name;
    mvt->feature_count = 0;
    buf_reset(&mvt->features);
    dictionary_clear(&mvt->keys);
    dictionary_clear(&mvt->values);
}

static void put_dictionary(struct buf *out, unsigned field, const struct mvt_dictionary *d)
{
    for (uint32_t i = 0; i < d->count; i++) {
        size_t len;
        const char *entry = entry_at(d, i, &len);
        put_bytes(out, field, entry, len);
    }
}

void mvt_layer_end(struct mvt *mvt)
{
    struct buf *body = &mvt->entry;
    if (mvt->feature_count == 0 || mvt->err) return;
    buf_reset(body);
    put_bytes(body, LAYER_NAME, mvt->layer, strlen(mvt->layer));
    buf_put(body, mvt->features.bytes, mvt->features.len);
    put_dictionary(body, LAYER_KEY, &mvt->keys);
    put_dictionary(body, LAYER_VALUE, &mvt->values);
    put_field(body, LAYER_EXTENT, MVT_EXTENT);
    put_field(body, LAYER_VERSION, 2);
    keep_error(mvt, mvt->features.err);
    keep_error(mvt, body->err);
    if (!mvt->err) put_bytes(mvt->out, TILE_LAYER, body->bytes, body->len);
}

void mvt_feature(struct mvt *mvt, enum mvt_type type, uint64_t id)
{
    buf_reset(&mvt->tags);
    buf_reset(&mvt->geometry);
    mvt->type = type;
    mvt->id = id;
    mvt->cursor = (struct clip_point){0, 0};
}

void mvt_feature_end(struct mvt *mvt)
{
    struct buf *body = &mvt->entry;
    keep_error(mvt, mvt->tags.err);
    keep_error(mvt, mvt->geometry.err);
    if (mvt->geometry.len == 0 || mvt->err) return;
    buf_reset(body);
    if (mvt->id) put_field(body, FEATURE_ID, mvt->id);
    if (mvt->tags.len) put_bytes(body, FEATURE_TAGS, mvt->tags.bytes, mvt->tags.len);
    put_field(body, FEATURE_TYPE, mvt->type);
    put_bytes(body, FEATURE_GEOMETRY, mvt->geometry.bytes, mvt->geometry.len);
    keep_error(mvt, body->err);
    if (!mvt->err) put_bytes(&mvt->features, LAYER_FEATURE, body->bytes, body->len);
    mvt->feature_count++;
}

/* Tags with the value that lies encoded in `entry`. */
static void put_tag(struct mvt *mvt, const char *key)
{
    uint32_t key_index = 0, value_index = 0;
    keep_error(mvt, mvt->entry.err);
    if (mvt->err) return;
    keep_error(mvt, dictionary_put(&mvt->keys, key, strlen(key), &key_index));
    keep_error(mvt, dictionary_put(&mvt->values, mvt->entry.bytes, mvt->entry.len, &value_index));
    put_varint(&mvt->tags, key_index);
    put_varint(&mvt->tags, value_index);
}

void mvt_tag_string(struct mvt *mvt, const char *key, const char *value)
{
    buf_reset(&mvt->entry);
    put_bytes(&mvt->entry, VALUE_STRING, value, strlen(value));
    put_tag(mvt, key);
}

void mvt_tag_int(struct mvt *mvt, const char *key, int64_t value)
{
    buf_reset(&mvt->entry);
    put_field(&mvt->entry, VALUE_INT, (uint64_t)value);
    put_tag(mvt, key);
}

void mvt_tag_real(struct mvt *mvt, const char *key, double value)
{
    unsigned char bytes[9] = {VALUE_DOUBLE << 3 | 1}; /* wire type 1: eight bytes */
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 8; i++)
        bytes[i + 1] = (unsigned char)(bits >> (8 * i));
    buf_reset(&mvt->entry);
    buf_put(&mvt->entry, bytes, sizeof bytes);
    put_tag(mvt, key);
}

void mvt_tag_bool(struct mvt *mvt, const char *key, bool value)
{
    buf_reset(&mvt->entry);
    put_field(&mvt->entry, VALUE_BOOL, value);
    put_tag(mvt, key);
}

static void put_command(struct mvt *mvt, unsigned command, size_t count)
{
    put_varint(&mvt->geometry, (uint64_t)count << 3 | command);
}

static void put_step(struct mvt *mvt, struct clip_point to)
{
    put_varint(&mvt->geometry, zigzag((int64_t)to.x - mvt->cursor.x));
    put_varint(&mvt->geometry, zigzag((int64_t)to.y - mvt->cursor.y));
    mvt->cursor = to;
}

void mvt_point(struct mvt *mvt, struct clip_point point)
{
    put_command(mvt, MOVE_TO, 1);
    put_step(mvt, point);
}

void mvt_line(struct mvt *mvt, const struct clip_point *points, size_t count)
{
    mvt_point(mvt, points[0]);
    put_command(mvt, LINE_TO, count - 1);
    for (size_t i = 1; i < count; i++)
        put_step(mvt, points[i]);
}

void mvt_ring(struct mvt *mvt, const struct clip_point *points, size_t count)
{
    mvt_line(mvt, points, count);
    put_command(mvt, CLOSE_PATH, 1);
}
