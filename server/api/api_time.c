#include "server/api/api_time.h"

#include <stdio.h>
#include <time.h>

void api_time_write(struct jsonw *json, const char *key, int64_t ms)
{
    char text[48];
    time_t seconds = (time_t)(ms / 1000);
    struct tm utc;
    if (!gmtime_r(&seconds, &utc)) {
        jsonw_key(json, key);
        jsonw_null(json);
        return;
    }
    size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    (void)snprintf(text + n, sizeof text - n, ".%03dZ", (int)(ms % 1000));
    jsonw_key_string(json, key, text);
}
