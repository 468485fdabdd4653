#include "data/photo_hint.h"

#include <stddef.h>
#include <stdlib.h>

static bool read_rationals(const char *text, double parts[3])
{
    for (int i = 0; i < 3; i++) {
        char *end;
        long above = strtol(text, &end, 10);
        if (end == text || *end != '/') return false;
        text = end + 1;
        long below = strtol(text, &end, 10);
        if (end == text || below == 0) return false;
        text = end + (*end == ' ');
        parts[i] = (double)above / (double)below;
    }
    return true;
}

bool photo_hint_angle(const char *text, bool is_negative, double *angle_deg)
{
    double parts[3];
    if (!read_rationals(text, parts)) return false;
    double value = parts[0] + parts[1] / 60 + parts[2] / 3600;
    *angle_deg = is_negative ? -value : value;
    return true;
}

bool photo_hint_time(const char *text, char time[20])
{
    static const char shape[] = "dddd:dd:dd dd:dd:dd", to[] = "dddd-dd-ddTdd:dd:dd";
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == 'd' ? !digit : text[i] != shape[i]) return false;
        time[i] = to[i];
        if (digit) time[i] = text[i];
    }
    time[19] = '\0';
    return true;
}
