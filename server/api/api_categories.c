#include "server/api/api_categories.h"

#include "data/feedback.h"
#include "server/api/api_road.h"
#include "server/api/label_json.h"
#include "server/tools.h"

static void write_word(struct jsonw *json, const struct category *word)
{
    jsonw_object(json);
    jsonw_key_string(json, "code", word->code);
    label_json_write(json, "label", word->zh, word->en);
    if (word->icon[0]) jsonw_key_string(json, "icon", word->icon);
    if (word->colour[0]) {
        jsonw_key_string(json, "colour", word->colour);
        label_json_write(json, "sign", word->sign_zh, word->sign_en);
    }
    jsonw_object_end(json);
}

static void write_kind(struct jsonw *json, const char *key, const struct kinds_kind *kind)
{
    jsonw_key(json, key);
    jsonw_array(json);
    for (size_t i = 0; kind && i < kind->category_count; i++) {
        const struct kinds_category *c = &kind->categories[i];
        jsonw_object(json);
        jsonw_key_string(json, "code", c->code);
        label_json_write(json, "label", c->label.zh, c->label.en);
        label_json_write(json, "group", kind->groups[c->group].label.zh,
                         kind->groups[c->group].label.en);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

static void write_states(struct jsonw *json, const char *key, const struct kinds_kind *kind)
{
    jsonw_key(json, key);
    jsonw_array(json);
    for (size_t i = 0; kind && i < kind->state_count; i++) {
        jsonw_object(json);
        jsonw_key_string(json, "code", kind->states[i].code);
        label_json_write(json, "label", kind->states[i].label.zh, kind->states[i].label.en);
        jsonw_key_bool(json, "open", kind->states[i].open);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

enum err api_categories_list(struct request *request, struct response *response,
                             struct tools *tools)
{
    const struct categories *words = tools->service->categories;
    const struct graph *roads = api_road_present(tools);
    struct jsonw *json = response_json(response);
    (void)request;
    jsonw_object(json);
    jsonw_key(json, "places");
    jsonw_array(json);
    for (size_t i = 0; i < categories_count(words); i++)
        write_word(json, categories_at(words, i));
    jsonw_array_end(json);
    jsonw_key(json, "amenities");
    jsonw_array(json);
    for (size_t i = 0; i < categories_amenity_count(words); i++)
        write_word(json, categories_amenity_at(words, i));
    jsonw_array_end(json);
    const struct kinds_kind *report = kinds_find(tools->service->kinds, "report");
    const struct kinds_kind *feedback = kinds_find(tools->service->kinds, FEEDBACK_KIND);
    write_kind(json, "reports", report);
    write_states(json, "states", report);
    write_kind(json, "feedback", feedback);
    write_states(json, "feedback_states", feedback);
    jsonw_key(json, "profiles");
    jsonw_array(json);
    for (size_t i = 0; roads && i < graph_profile_count(roads); i++)
        jsonw_string(json, graph_profile_name(roads, i));
    jsonw_array_end(json);
    jsonw_object_end(json);
    return ERR_OK;
}
