/* Reminders: who holds a seat is told a day before. */
#ifndef YZ_DATA_ACTIVITIES_REMIND_H
#define YZ_DATA_ACTIVITIES_REMIND_H

#include "data/activities.h"

enum { ACTIVITIES_REMIND_H = 24 };

/* Tells who signed up for what begins within ACTIVITIES_REMIND_H, once, but for who signed up
 * within that time themselves; at most `most` of them, each in a transaction of its own. `*count`:
 * how many were told. */
enum err activities_remind(struct db *db, int64_t now_ms, size_t most, size_t *count);

#endif
