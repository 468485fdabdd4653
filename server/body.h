/* jansson's door: JSON bodies of requests, as a table of the fields that are wanted. */
#ifndef YZ_SERVER_BODY_H
#define YZ_SERVER_BODY_H

#include "server/request.h"

enum body_type { BODY_TEXT, BODY_INT };

/* One field of an object. Exactly one target is set; it keeps its value when the field is absent.
 */
struct body_field {
    const char *name;
    enum body_type type;
    bool required;
    int64_t min, max;  /* of the number, or of the text's length in characters */
    const char **text; /* in the request's arena */
    int64_t *number;
};

/* Reads the request's body as one JSON object (RFC 8259) with these fields and no others. Faults
 * are noted in the request's problem, naming the field or the position. */
enum err body_read(struct request *request, const struct body_field *fields, size_t count);

#endif
