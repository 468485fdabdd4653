/* A reader of vector tiles, written from the specification for the tests alone: it asserts what the
 * specification demands and keeps the rest small and flat. */
#ifndef YZ_TESTS_DECODE_H
#define YZ_TESTS_DECODE_H

#include "tests/check.h"

#include "geo/tile/clip.h"

#include <string.h>

enum { DECODE_TAGS = 12, DECODE_TEXT = 64, DECODE_DICTIONARY = 8192 };

struct decoded_part {
    size_t start, count;
    bool closed;
};

struct decoded_feature {
    uint64_t id;
    unsigned type;
    struct decoded_part *parts;
    size_t part_count;
    struct clip_point *points;
    size_t point_count;
    char keys[DECODE_TAGS][DECODE_TEXT];
    char values[DECODE_TAGS][DECODE_TEXT]; /* numbers and booleans as text */
    size_t tag_count;
};

struct decoded_layer {
    char name[DECODE_TEXT];
    struct decoded_feature *features;
    size_t feature_count;
    size_t key_count, value_count;
};

struct span {
    const unsigned char *at, *end;
};

static inline uint64_t decode_varint(struct span *s)
{
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        assert_true(s->at < s->end && shift < 70);
        value |= (uint64_t)(*s->at & 127) << shift;
        if (!(*s->at++ & 128)) return value;
    }
}

/* The next field: its number, and its bytes or its number value. */
static inline unsigned decode_field(struct span *s, struct span *bytes, uint64_t *value)
{
    uint64_t tag = decode_varint(s);
    *bytes = (struct span){0};
    *value = 0;
    if ((tag & 7) == 2) {
        uint64_t len = decode_varint(s);
        assert_true(len <= (uint64_t)(s->end - s->at));
        *bytes = (struct span){s->at, s->at + len};
        s->at += len;
    } else if ((tag & 7) == 1) {
        assert_true(s->end - s->at >= 8);
        memcpy(value, s->at, 8);
        s->at += 8;
    } else {
        assert_int_equal(tag & 7, 0);
        *value = decode_varint(s);
    }
    return (unsigned)(tag >> 3);
}

static inline void decode_text(struct span bytes, char text[DECODE_TEXT])
{
    (void)snprintf(text, DECODE_TEXT, "%.*s", (int)(bytes.end - bytes.at), (const char *)bytes.at);
}

static inline void decode_value(struct span s, char text[DECODE_TEXT])
{
    struct span bytes;
    uint64_t value;
    unsigned field = decode_field(&s, &bytes, &value);
    double real;
    memcpy(&real, &value, sizeof real);
    if (field == 1)
        decode_text(bytes, text);
    else if (field == 3)
        (void)snprintf(text, DECODE_TEXT, "%g", real);
    else
        (void)snprintf(text, DECODE_TEXT, field == 7 ? "%lld!" : "%lld", (long long)value);
    assert_ptr_equal(s.at, s.end);
}

static inline int32_t decode_step(struct span *s)
{
    uint64_t v = decode_varint(s);
    return (int32_t)((int64_t)(v >> 1) ^ -(int64_t)(v & 1));
}

static inline void decode_geometry(struct span s, struct decoded_feature *f)
{
    size_t most = (size_t)(s.end - s.at) + 1;
    struct clip_point cursor = {0, 0};
    f->points = calloc(most, sizeof *f->points);
    f->parts = calloc(most, sizeof *f->parts);
    assert_true(f->points && f->parts);
    while (s.at < s.end) {
        uint64_t command = decode_varint(&s), count = command >> 3;
        assert_true(count > 0);
        if ((command & 7) == 7) {
            assert_true(f->type == 3 && count == 1 && f->part_count > 0);
            f->parts[f->part_count - 1].closed = true;
            continue;
        }
        if ((command & 7) == 1) {
            assert_int_equal(count, 1);
            f->parts[f->part_count++] = (struct decoded_part){f->point_count, 0, false};
        } else {
            assert_int_equal(command & 7, 2);
        }
        for (uint64_t i = 0; i < count; i++) {
            cursor.x += decode_step(&s);
            cursor.y += decode_step(&s);
            f->points[f->point_count++] = cursor;
            f->parts[f->part_count - 1].count++;
        }
    }
    for (size_t i = 0; i < f->part_count; i++) {
        size_t least = f->type == 3 ? 3 : f->type == 2 ? 2 : 1;
        assert_true(f->parts[i].count >= least);
        assert_int_equal(f->parts[i].closed, f->type == 3);
    }
}

struct decoded_dictionary {
    char keys[DECODE_DICTIONARY][DECODE_TEXT];
    char values[DECODE_DICTIONARY][DECODE_TEXT];
};

static inline void decode_feature(struct span s, const struct decoded_layer *layer,
                                  const struct decoded_dictionary *d, struct decoded_feature *f)
{
    struct span bytes, geometry = {0};
    uint64_t value;
    while (s.at < s.end) {
        unsigned field = decode_field(&s, &bytes, &value);
        if (field == 1) f->id = value;
        if (field == 3) f->type = (unsigned)value;
        if (field == 4) geometry = bytes;
        while (field == 2 && bytes.at < bytes.end) {
            uint64_t k = decode_varint(&bytes), v = decode_varint(&bytes);
            assert_true(k < layer->key_count && v < layer->value_count);
            assert_true(f->tag_count < DECODE_TAGS);
            memcpy(f->keys[f->tag_count], d->keys[k], DECODE_TEXT);
            memcpy(f->values[f->tag_count++], d->values[v], DECODE_TEXT);
        }
    }
    assert_true(f->type >= 1 && f->type <= 3 && geometry.at);
    decode_geometry(geometry, f);
}

static inline void decode_layer(struct span s, struct decoded_layer *layer)
{
    static struct decoded_dictionary d;
    struct span bytes, again = s;
    uint64_t value, extent = 0, version = 0;
    while (s.at < s.end) {
        unsigned field = decode_field(&s, &bytes, &value);
        if (field == 1) decode_text(bytes, layer->name);
        if (field == 2) layer->feature_count++;
        if (field == 3) decode_text(bytes, d.keys[layer->key_count++]);
        if (field == 4) decode_value(bytes, d.values[layer->value_count++]);
        if (field == 5) extent = value;
        if (field == 15) version = value;
        assert_true(layer->key_count < DECODE_DICTIONARY && layer->value_count < DECODE_DICTIONARY);
    }
    assert_int_equal(extent, 4096);
    assert_int_equal(version, 2);
    assert_true(layer->feature_count > 0);
    layer->features = calloc(layer->feature_count + 1, sizeof *layer->features);
    assert_non_null(layer->features);
    for (size_t i = 0; again.at < again.end;)
        if (decode_field(&again, &bytes, &value) == 2)
            decode_feature(bytes, layer, &d, &layer->features[i++]);
}

/* Reads up to `max` layers; returns how many there are. */
static inline size_t decode_tile(const void *tile, size_t len, struct decoded_layer *layers,
                                 size_t max)
{
    struct span s = {tile, (const unsigned char *)tile + len}, bytes;
    size_t count = 0;
    uint64_t value;
    while (s.at < s.end) {
        assert_int_equal(decode_field(&s, &bytes, &value), 3);
        assert_true(count < max);
        layers[count] = (struct decoded_layer){0};
        decode_layer(bytes, &layers[count++]);
    }
    return count;
}

static inline void decode_free(struct decoded_layer *layers, size_t count)
{
    for (size_t l = 0; l < count; l++) {
        for (size_t i = 0; i < layers[l].feature_count; i++) {
            free(layers[l].features[i].parts);
            free(layers[l].features[i].points);
        }
        free(layers[l].features);
    }
}

/* A feature's value as text, or NULL. */
static inline const char *decode_tag(const struct decoded_feature *f, const char *key)
{
    for (size_t i = 0; i < f->tag_count; i++)
        if (strcmp(f->keys[i], key) == 0) return f->values[i];
    return NULL;
}

#endif
