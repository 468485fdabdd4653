/* A multipart form of text fields and photos, as most of what people send from outdoors is; or an
 * urlencoded one, of fields alone, where the route takes such. */
#ifndef YZ_SERVER_API_PHOTO_FORM_H
#define YZ_SERVER_API_PHOTO_FORM_H

#include "data/cases.h"
#include "data/photos.h"
#include "server/api/api_crs.h"
#include "server/multipart.h"

enum { PHOTO_FORM_PHOTOS = 6, PHOTO_FORM_FIELDS = 16 };
/* The name that lets answers in: fields "attribute[CODE]", as Open311 has them, and
 * "attribute[CODE][]" for one of several. */
#define PHOTO_FORM_ATTRIBUTES "attribute"

/* Zeroed, with `names`, before it is read. Everything else is borrowed from the request's body or
 * in its arena. */
struct photo_form {
    const char *const *names; /* of the fields there may be, at most PHOTO_FORM_FIELDS, then NULL */
    const char *values[PHOTO_FORM_FIELDS];  /* by name; NULL: absent or empty */
    struct kinds_said said[CASES_SAID_MAX]; /* where PHOTO_FORM_ATTRIBUTES is among the names */
    size_t said_count;
    const struct multipart_part *photos[PHOTO_FORM_PHOTOS];
    size_t photo_count;
    struct api_crs crs; /* by photo_form_crs: of the form, and so of the answer */
    unsigned char hash[SECRETS_HASH_BYTES]; /* of all that was sent, whatever the boundary */
};

/* Splits the body: each field at most once, every part with a file name is a photo. Faults are
 * noted with the part's name, as by all of these. */
enum err photo_form_read(struct request *request, struct photo_form *form);

/* The value of a field; NULL: absent or empty. */
const char *photo_form_value(const struct photo_form *form, const char *name);

/* That it came; a number within bounds, `*value` untouched where it did not come; text of at most
 * `max` characters, of more than one line. */
enum err photo_form_need(struct request *request, const struct photo_form *form, const char *name);
enum err photo_form_number(struct request *request, const struct photo_form *form, const char *name,
                           double min, double max, double *value);
enum err photo_form_text(struct request *request, const struct photo_form *form, const char *name,
                         size_t max);

/* The systems that `crs` or `coord_type`, of the form or of the address, name; then `lon`, `lat` in
 * them as WGS 84, and `accuracy`. All are fields of the form; `*given` tells whether a position
 * came; one coordinate alone is a fault. */
enum err photo_form_crs(struct request *request, struct tools *tools, struct photo_form *form);
enum err photo_form_position(struct request *request, struct photo_form *form, struct coord *at,
                             double *accuracy_m, bool *given);

/* Cleans its photos, in their order, into `clean`, which has room for all; `*count` of them are to
 * be given back with photos_clean_fini, also on failure. */
enum err photo_form_clean(struct request *request, const struct tools *tools,
                          const struct photo_form *form, struct photos_clean *clean, size_t *count);

#endif
