#include "geo/base/zone.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { MINUTE_MS = 60000, DAY_S = 86400 };

static bool is_installed(const char *name)
{
    char path[PATH_MAX];
    struct stat info;
    if (name[0] == '/' || name[0] == '.' || strstr(name, "..")) return false;
    int n = snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    return n > 0 && (size_t)n < sizeof path && stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* Letters, then an offset: "CST-8", "EST5EDT,M3.2.0,M11.1.0". */
static bool is_rule(const char *name)
{
    size_t letters = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    const char *offset = name + letters;
    offset += *offset == '+' || *offset == '-';
    return letters >= 3 && *offset >= '0' && *offset <= '9' && strlen(name) < 64;
}

enum err zone_use(const char *name, struct why *why)
{
    const char *zone = name;
    if (!is_installed(name)) {
        if (strcmp(name, "Asia/Shanghai") == 0)
            zone = "CST-8";
        else if (!is_rule(name))
            return err_say(
                why, ERR_INVALID,
                "there is no time zone \"%s\": give one of /usr/share/zoneinfo (Debian's "
                "tzdata), or a rule like CST-8",
                name);
    }
    if (setenv("TZ", zone, 1)) return ERR_NOMEM;
    tzset();
    return ERR_OK;
}

struct zone_time zone_time_of(int64_t utc_ms)
{
    int64_t minutes = utc_ms / MINUTE_MS - (utc_ms % MINUTE_MS < 0);
    time_t seconds = (time_t)(minutes * 60);
    struct tm local = {0};
    int64_t at = seconds;
    if (localtime_r(&seconds, &local)) at += local.tm_gmtoff;
    int64_t day = at / DAY_S - (at % DAY_S < 0);
    return (struct zone_time){(int32_t)day, (uint32_t)((at - day * DAY_S) / 60)};
}

int64_t zone_utc_ms_of(int32_t day, uint32_t minute)
{
    struct tm local = {0};
    time_t midnight = (time_t)day * DAY_S;
    if (!gmtime_r(&midnight, &local)) return (int64_t)midnight * 1000;
    local.tm_hour = (int)(minute / 60);
    local.tm_min = (int)(minute % 60);
    local.tm_isdst = -1;
    return (int64_t)mktime(&local) * 1000;
}
