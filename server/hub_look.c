#include "server/hub_inside.h"

#include "geo/base/clock.h"

#include <string.h>

static const int64_t hour_ms = 3600 * (int64_t)1000;

static size_t place_of(int64_t person, int64_t case_id)
{
    uint64_t mixed = (uint64_t)person * 0x9E3779B97F4A7C15u ^ (uint64_t)case_id;
    mixed *= 0xD6E8FEB86659FD93u;
    return (size_t)(mixed >> 32) % HUB_INSIDE_LATELY;
}

bool hub_inside_look(struct hub *hub, const struct hub_seat *seat, const struct event *event)
{
    const struct audience *a = &seat->audience;
    if (!audience_looks(a, event)) return true;
    int64_t now_ms = clock_utc_ms(), hour = now_ms / hour_ms, of = event->item.case_id;
    struct hub_lately *lately = &hub->lately[place_of(a->person, of)];
    if (lately->person == a->person && lately->case_id == of && lately->hour == hour) return true;
    if (hub->look_count == HUB_LOOKS) return false;
    *lately = (struct hub_lately){a->person, of, hour};
    hub->looks[hub->look_count++] =
        (struct hub_look){a->person, of, event->item.area_id, now_ms, seat->poll};
    return true;
}

size_t hub_looks(struct hub *hub, struct hub_look *looks, size_t max)
{
    pthread_mutex_lock(&hub->lock);
    size_t n = hub->look_count < max ? hub->look_count : max;
    memcpy(looks, hub->looks, n * sizeof *looks);
    pthread_mutex_unlock(&hub->lock);
    return n;
}

void hub_looked(struct hub *hub, size_t count)
{
    pthread_mutex_lock(&hub->lock);
    hub->look_count -= count;
    memmove(hub->looks, hub->looks + count, hub->look_count * sizeof *hub->looks);
    pthread_mutex_unlock(&hub->lock);
}
