/* What requests to Open311 (GeoReport v2) have in common: the format at the address's end, which
 * cases are told of, spans of time. */
#ifndef YZ_SERVER_API_OPEN311_ASK_H
#define YZ_SERVER_API_OPEN311_ASK_H

#include "data/cases_published.h"
#include "server/api/photo_form.h"
#include "server/response.h"
#include "server/tools.h"

/* The kind whose categories are the services. */
#define OPEN311_KIND  "report"
#define OPEN311_QUERY "jurisdiction_id api_key lang "

/* What every request begins with: parameters without a value are taken away, as if they had not
 * come. NULL, noted as not found, where an operator keeps no such kind, or keeps it private. */
const struct kinds_kind *open311_ask_kind(struct request *request, const struct tools *tools);

/* Whether the address ends in ".xml". */
bool open311_ask_is_xml(const struct request *request);
/* Begins the answer in the format that the address names. */
void open311_ask_answer(const struct request *request, struct response *response,
                        struct tree *tree);

/* The label in the language of `lang` ("zh", "en"), or of Accept-Language; noted when unknown. */
enum err open311_ask_lang(struct request *request, bool *english);
const char *open311_ask_label(const struct kinds_label *label, bool english);

/* Whether cases in this state are listed: staff took them up, and have not turned them down. */
bool open311_ask_shown(const struct kinds_kind *kind, const struct kinds_state *state);

/* "open" or "closed". */
const char *open311_ask_status(const struct kinds_kind *kind, const char *state);

/* The ids of `service_request_id`, in the arena; as many as CASES_PUBLISHED_IDS, or noted. */
enum err open311_ask_ids(struct request *request, const char *const **ids, size_t *count);

/* `service_request_id`, `start_date`, `end_date`, `updated_after`, `updated_before`, `lat`, `long`,
 * `radius`, `page`, `page_size`, `service_code` and `status` as a filter over the shown states, in
 * the request's arena. Without dates and ids: the last 90 days. */
enum err open311_ask_filter(struct request *request, const struct kinds_kind *kind,
                            struct cases_published *filter);

/* The caller by `api_key`, of the form or of the address; without, as they came. */
enum err open311_ask_key(struct request *request, struct tools *tools,
                         const struct photo_form *form);

/* Refuses `media_url`, a field of the form: what a stranger names is not fetched. */
enum err open311_ask_media(struct request *request, const struct photo_form *form);

/* A moment, null for 0. */
void open311_ask_time(struct tree *tree, const char *name, int64_t ms);

#endif
