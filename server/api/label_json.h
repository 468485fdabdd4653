/* What a thing is called, in both languages. */
#ifndef YZ_SERVER_API_LABEL_JSON_H
#define YZ_SERVER_API_LABEL_JSON_H

#include "geo/base/jsonw.h"

/* `"key": {"zh": ..., "en": ...}` */
void label_json_write(struct jsonw *json, const char *key, const char *zh, const char *en);

#endif
