/* jansson's door: JSON bodies of requests, as a table of the fields that are wanted. */
#ifndef YZ_SERVER_BODY_H
#define YZ_SERVER_BODY_H

#include "server/request.h"

enum body_type {
    BODY_TEXT,
    BODY_INT,
    BODY_REAL,
    BODY_BOOL,
    BODY_WORDS,
    BODY_TEXTS,
    BODY_PAIR,
    BODY_BOXES,
    BODY_VERSIONS,
    BODY_GEOMETRY,
    BODY_LIST,
    BODY_INTS
};

/* A list of texts, in the request's arena. */
struct body_words {
    const char **items;
    size_t count;
};

/* A list of whole numbers from 0, in the request's arena. */
struct body_ints {
    int64_t *items;
    size_t count;
};

/* An object of texts, by name, in the request's arena. */
struct body_texts {
    struct body_text {
        const char *name, *value;
    } * items;
    size_t count;
};

/* Rectangles `{x, y, width, height}`, numbers as they came, in the request's arena. */
struct body_boxes {
    struct body_box {
        double x, y, width, height;
    } * items;
    size_t count;
};

/* Things that are named with the version that was seen: `{id, version}`, in the request's arena. */
struct body_versions {
    struct body_version {
        const char *id; /* 1 to 64 characters */
        int64_t version;
    } * items;
    size_t count;
};

enum body_shape { BODY_POINT, BODY_LINE, BODY_POLYGON };

/* A GeoJSON geometry (RFC 7946): a Point, LineString or Polygon. Coordinates as they came, not
 * held against any range; the third one of a position is dropped. Ring r of a polygon is points
 * ring_starts[r] up to ring_starts[r + 1]. In the request's arena. */
struct body_geometry {
    enum body_shape shape;
    struct coord *points;
    size_t point_count;
    size_t *ring_starts, ring_count;
};
enum { BODY_RINGS_MAX = 20 };

/* A list of objects. `each` is called for every one of them, in order, after the list was counted;
 * it reads what is in it by body_object. */
struct body_node;
struct body_list {
    enum err (*each)(struct request *request, const struct body_node *node, size_t i, void *user);
    void *user;
    size_t count; /* set before the first call */
};

/* One field of an object. Exactly one target is set; it keeps its value when the field is absent
 * or null. */
struct body_field {
    const char *name;
    enum body_type type;
    bool required;
    bool unseen;      /* a password: text of any characters, where else min asks for visible ones */
    int64_t min, max; /* of the number; of the length in characters, words or points */
    const char **text; /* in the request's arena */
    int64_t *number;
    double *real; /* min and max do not apply; nor to the next and to pairs */
    bool *flag;
    struct body_words *words;       /* each of at most 64 characters */
    struct body_texts *texts;       /* min to max of them; each of at most 500 characters */
    struct coord *pair;             /* `[x, y]`, as it came */
    struct body_boxes *boxes;       /* min to max of them */
    struct body_versions *versions; /* min to max of them */
    struct body_geometry *geometry;
    struct body_list *list; /* min to max of them */
    struct body_ints *ints; /* min to max of them */
};

/* The version of a thing that its writer saw, into an int64_t: what each change owes. */
#define BODY_VERSION(at)                                                                           \
    {                                                                                              \
        .name = "version", .type = BODY_INT, .required = true, .min = 1, .max = INT64_MAX,         \
        .number = (at)                                                                             \
    }

/* Reads the request's body as one JSON object (RFC 8259) with these fields and no others. Faults
 * are noted in the request's problem, naming the field or the position; what lies inside of a field
 * as its path, RFC 6901's without the first slash ("geometry/coordinates/0/3"). */
enum err body_read(struct request *request, const struct body_field *fields, size_t count);

/* Reads one object of a list, likewise. */
enum err body_object(struct request *request, const struct body_node *node,
                     const struct body_field *fields, size_t count);

#endif
