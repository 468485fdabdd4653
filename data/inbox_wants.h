/* What somebody wants to be told by which channel. Without a choice they are told everything in the
 * inbox, and nothing by WeChat, which asks people itself before it lets them be told. */
#ifndef YZ_DATA_INBOX_WANTS_H
#define YZ_DATA_INBOX_WANTS_H

#include "data/inbox.h"

#define INBOX_WANTS_CHANNELS(X) X(inbox) X(wechat)
enum inbox_wants_channel {
#define INBOX_ENUM(name) INBOX_WANTS_##name,
    INBOX_WANTS_CHANNELS(INBOX_ENUM)
#undef INBOX_ENUM
        INBOX_WANTS_CHANNELS_COUNT
};
const char *inbox_wants_channel_name(enum inbox_wants_channel channel);

struct inbox_wants {
    bool wanted[INBOX_GROUP_COUNT][INBOX_WANTS_CHANNELS_COUNT];
    bool refused[INBOX_GROUP_COUNT]; /* WeChat said that they want no more of it */
};
enum err inbox_wants_read(struct db *db, int64_t person, struct inbox_wants *wants);

/* One group, by each channel that is set; in its own transaction. ERR_CONFLICT with a sentence:
 * the group may not be turned off in the inbox. */
struct inbox_wants_put {
    int64_t person;
    enum inbox_group group;
    const bool *wanted[INBOX_WANTS_CHANNELS_COUNT]; /* NULL: as it was */
    int64_t now_ms;
};
enum err inbox_wants_put(struct db *db, const struct inbox_wants_put *put, struct why *why);

/* Inside db_write: WeChat refuses what is of this group, until they want it again. Nothing where
 * they said so since `sent_ms`, when what it refused was sent, or want none anyhow. */
enum err inbox_wants_refuse(struct db *db, int64_t person, enum inbox_group group, int64_t sent_ms,
                            int64_t now_ms);

#endif
