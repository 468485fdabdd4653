/* The multipart form that a report comes in, as checked values. */
#ifndef YZ_SERVER_API_REPORT_FORM_H
#define YZ_SERVER_API_REPORT_FORM_H

#include "data/cases.h"
#include "server/api/api_crs.h"
#include "server/multipart.h"

enum { REPORT_FORM_PHOTOS = 6 };

struct report_form {
    const char *category, *description, *address;
    struct coord at; /* WGS 84 */
    double accuracy_m;
    struct api_crs crs; /* of the form, and so of the answer */
    const struct multipart_part *photos[REPORT_FORM_PHOTOS];
    size_t photo_count;
    unsigned char hash[SECRETS_HASH_BYTES]; /* of everything that was sent, whatever the boundary */
};

/* Reads the request's body; everything is borrowed from it or in the arena. Faults are noted with
 * the field's name. */
enum err report_form_read(struct request *request, struct tools *tools, struct report_form *form);

#endif
