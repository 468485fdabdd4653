/* Places that are open: `open=now`, at a moment (`open=2026-11-28T08:00:00+08:00`), or
 * `open=arrival` where it takes time to get there. */
#ifndef YZ_SERVER_API_API_OPEN_H
#define YZ_SERVER_API_API_OPEN_H

#include "geo/place/placeset.h"
#include "server/request.h"
#include "server/tools.h"

enum api_open_when { API_OPEN_ANY, API_OPEN_NOW, API_OPEN_ARRIVAL };

/* One request's; remembers the minute it asked about last. */
struct api_open {
    enum api_open_when when;
    const struct placeset *places;
    const struct hours_calendar *calendar;
    int64_t utc_ms;  /* asked about; else of the request */
    int64_t gone_ms; /* arrival: travelled before what is now measured */
    int64_t minute;  /* which `moment` is of, since 1970 */
    struct placeset_moment moment;
};

/* Reads `open`. Without travel there is no arrival: then it is refused. */
enum err api_open_read(struct request *request, const struct tools *tools, bool travels,
                       struct api_open *open);

/* The moment that `open` names, else that of the call: UTC, since 1970. */
int64_t api_open_utc_ms(const struct request *request);

/* The moment asked about; NULL where there is none, or it is that of arrival. */
const struct placeset_moment *api_open_now(struct api_open *open);

/* Whether a place is open for sure when asked for, or `travel_ms` later. */
bool api_open_at(struct api_open *open, uint32_t place, uint32_t travel_ms);

#endif
