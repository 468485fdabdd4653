#include "server/api/label_json.h"

void label_json_write(struct jsonw *json, const char *key, const char *zh, const char *en)
{
    jsonw_key(json, key);
    jsonw_object(json);
    jsonw_key_string(json, "zh", zh);
    jsonw_key_string(json, "en", en);
    jsonw_object_end(json);
}
