/* The multipart form that a report comes in, as checked values. */
#ifndef YZ_SERVER_API_REPORT_FORM_H
#define YZ_SERVER_API_REPORT_FORM_H

#include "data/cases.h"
#include "server/api/photo_form.h"

struct report_form {
    struct photo_form sent;
    const char *category, *description, *address;
    struct coord at; /* WGS 84 */
    double accuracy_m;
};

/* Reads the request's body; everything is borrowed from it or in the arena. Faults are noted with
 * the field's name. */
enum err report_form_read(struct request *request, struct tools *tools, struct report_form *form);

#endif
