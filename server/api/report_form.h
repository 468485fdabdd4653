/* The multipart form that a report comes in, as checked values. */
#ifndef YZ_SERVER_API_REPORT_FORM_H
#define YZ_SERVER_API_REPORT_FORM_H

#include "data/cases.h"
#include "server/api/photo_form.h"

struct report_form {
    struct photo_form sent;
    const struct kinds_kind *kind;
    const char *category, *description, *address; /* the last two NULL: none */
    bool has_position;
    struct coord at; /* WGS 84 */
    double accuracy_m;
    int64_t area_id; /* that it is for, of kinds that owe no position; 0: where it lies */
};

/* Reads the request's body; everything is borrowed from it or in the arena. Faults are noted with
 * the field's name. */
enum err report_form_read(struct request *request, struct tools *tools, struct report_form *form);

/* The category that field `name` tells: one of the kind that is taken here, and whose questions are
 * answered as they should be. */
enum err report_form_check(struct request *request, const struct photo_form *sent,
                           const struct kinds_kind *kind, const char *name,
                           const char **category_code);

#endif
