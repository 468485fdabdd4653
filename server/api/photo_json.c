#include "server/api/photo_json.h"

#include "server/auth.h"

#include <stdio.h>

static void write_address(struct jsonw *json, const struct photo_json *how,
                          const struct cases_photo *photo, enum photos_size size)
{
    static const struct {
        const char *key, *path;
    } parts[PHOTOS_SIZES] = {{"url", ""}, {"middle_url", "/middle"}, {"thumb_url", "/thumb"}};
    char url[192], signature[SECRETS_HEX_SIZE];
    int n = snprintf(url, sizeof url, "/v1/photos/%s%s", photo->public_id, parts[size].path);
    if (how->pass && (how->is_private || photo->seen != CASES_PUBLIC)) {
        int64_t until_s = photo_pass_until(how->now_ms);
        photo_pass_sign(how->pass, photo->public_id, size, until_s, signature);
        (void)snprintf(url + n, sizeof url - (size_t)n, "?expires=%lld&signature=%s",
                       (long long)until_s, signature);
    }
    jsonw_key_string(json, parts[size].key, url);
}

/* In degrees of WGS 84, whatever the answer is in: where a camera may claim to have been, other
 * systems have no coordinates. */
static void write_hint(struct jsonw *json, const struct photos_hint *hint)
{
    if (!hint->has_position && !hint->has_time) return;
    jsonw_key(json, "hint");
    jsonw_object(json);
    if (hint->has_position) {
        jsonw_key_number(json, "lon", hint->at.lon, 7);
        jsonw_key_number(json, "lat", hint->at.lat, 7);
    }
    if (hint->has_time) jsonw_key_string(json, "time", hint->time);
    jsonw_object_end(json);
}

void photo_json_write(struct jsonw *json, const struct photo_json *how, unsigned as,
                      const struct cases_case *c)
{
    jsonw_key(json, "photos");
    jsonw_array(json);
    for (size_t i = 0; i < c->photo_count; i++) {
        const struct cases_photo *photo = &c->photos[i];
        if (!cases_is_shown(photo->seen, photo->by_staff, as)) continue;
        jsonw_object(json);
        jsonw_key_string(json, "id", photo->public_id);
        for (int size = 0; size < PHOTOS_SIZES; size++)
            write_address(json, how, photo, (enum photos_size)size);
        jsonw_key_int(json, "width", photo->width);
        jsonw_key_int(json, "height", photo->height);
        if (photo->by_staff) jsonw_key_bool(json, "by_staff", true);
        if (photo->event) jsonw_key_int(json, "event", photo->event);
        if (as & (KINDS_OFFICE | KINDS_REPORTER)) write_hint(json, &photo->hint);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

/* Of a private case nobody is told that it is there, but who may see it. */
static bool is_hidden(const struct tools *tools, const struct photo_reuse *r)
{
    const struct kinds_kind *kind = kinds_find(tools->service->kinds, r->kind);
    return (!kind || kind->is_private) && !auth_may(tools, RIGHTS_see, r->area_id, r->kind);
}

void photo_json_reused(struct jsonw *json, const struct tools *tools,
                       const struct photo_reuse *reused, size_t count)
{
    jsonw_key(json, "reused");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++) {
        const struct photo_reuse *r = &reused[i];
        if (is_hidden(tools, r)) continue;
        jsonw_object(json);
        jsonw_key_string(json, "photo", r->photo);
        jsonw_key_string(json, "match", r->is_exact ? "exact" : "similar");
        if (auth_may(tools, RIGHTS_see, r->area_id, r->kind))
            jsonw_key_string(json, "report", r->report);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}
