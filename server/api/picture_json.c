#include "server/api/picture_json.h"

#include "server/api/api_time.h"

#include <stdio.h>

void picture_json_write(struct jsonw *json, const struct pictures_picture *picture, bool for_owner)
{
    static const struct {
        const char *key, *path;
    } parts[PHOTOS_SIZES] = {{"url", ""}, {"middle_url", "/middle"}, {"thumb_url", "/thumb"}};
    char url[64];
    jsonw_object(json);
    jsonw_key_string(json, "id", picture->public_id);
    for (int size = 0; size < PHOTOS_SIZES; size++) {
        (void)snprintf(url, sizeof url, "/v1/pictures/%s%s", picture->public_id, parts[size].path);
        jsonw_key_string(json, parts[size].key, url);
    }
    jsonw_key_int(json, "width", picture->width);
    jsonw_key_int(json, "height", picture->height);
    if (for_owner) {
        api_time_write(json, "created_at", picture->created_ms);
        jsonw_key_bool(json, "used", !picture->is_loose);
    }
    jsonw_object_end(json);
}

void picture_json_list(struct jsonw *json, const struct pictures_picture *list, size_t count)
{
    jsonw_key(json, "pictures");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        picture_json_write(json, &list[i], false);
    jsonw_array_end(json);
}
