#include "server/api/api_search.h"

#include <string.h>

enum err api_search_read(struct request *request, struct tools *tools, struct api_search *search)
{
    const struct snapshot *now = tools->snapshot;
    const char *text = request_query(request, "text");
    struct why why = {""};
    *search = (struct api_search){.given = text != NULL};
    if (!text) return ERR_OK;
    if (phrase_read(text, strlen(text), &search->phrase, &why))
        return problem_say(request->problem, PROBLEM_PARAMETER, "text", "cannot be looked for: %s",
                           why.text);
    if (!now->words[PLACESET_BASE] || !now->words[PLACESET_DELTA])
        return problem_say(request->problem, PROBLEM_UNAVAILABLE, "text",
                           "the names of the places are still being read; ask again in a moment");
    search->query =
        (struct seek_query){.set = now->places,
                            .words = {now->words[PLACESET_BASE], now->words[PLACESET_DELTA]},
                            .labels = tools->service->labels,
                            .phrase = &search->phrase,
                            .radius_m = INFINITY};
    return ERR_OK;
}

enum err api_search_narrow(struct api_search *search, struct tools *tools,
                           struct place_filter *filter)
{
    enum err e = seek_begin(&search->query, &tools->seek);
    filter->accept = seek_has;
    filter->user = &tools->seek;
    return e;
}
