#include "data/inbox_wants.h"

#include "data/changes.h"

#include <string.h>

static const char *const channels[INBOX_WANTS_CHANNELS_COUNT] = {
#define INBOX_NAME(name) #name,
    INBOX_WANTS_CHANNELS(INBOX_NAME)
#undef INBOX_NAME
};

const char *inbox_wants_channel_name(enum inbox_wants_channel channel)
{
    return channels[channel];
}

enum err inbox_wants_read(struct db *db, int64_t person, struct inbox_wants *wants)
{
    struct inbox_wants found = {0};
    struct db_query *q;
    bool row = false;
    enum inbox_group group;
    for (int g = 0; g < INBOX_GROUP_COUNT; g++)
        found.wanted[g][INBOX_WANTS_inbox] = true;
    enum err e = db_prepare(
        db, "SELECT grp, channel, wanted, refused FROM inbox_preferences WHERE person_id = :person",
        &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    while (!(e = db_step(q, &row)) && row) {
        if (!inbox_verbs_group_find(db_text(q, 0), &group)) continue;
        for (int c = 0; c < INBOX_WANTS_CHANNELS_COUNT; c++)
            if (strcmp(channels[c], db_text(q, 1)) == 0) found.wanted[group][c] = db_int(q, 2) != 0;
        found.refused[group] |= db_int(q, 3) != 0;
    }
    db_done(q);
    if (!e) *wants = found;
    return e;
}

static enum err put_one(struct db *db, int64_t person, enum inbox_group group, const char *channel,
                        bool wanted, int64_t now_ms)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "INSERT INTO inbox_preferences (person_id, grp, channel, wanted, refused, changed_ms) "
        "VALUES (:person, :group, :channel, :wanted, 0, :now) ON CONFLICT (person_id, grp, "
        "channel) "
        "DO UPDATE SET wanted = :wanted, refused = 0, changed_ms = :now",
        &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_text(q, ":group", inbox_verbs_group_name(group));
    db_bind_text(q, ":channel", channel);
    db_bind_int(q, ":wanted", wanted);
    db_bind_int(q, ":now", now_ms);
    return db_run(q, NULL);
}

static enum err put(struct db *db, void *user)
{
    const struct inbox_wants_put *p = user;
    enum err e = ERR_OK;
    for (int c = 0; c < INBOX_WANTS_CHANNELS_COUNT && !e; c++)
        if (p->wanted[c])
            e = put_one(db, p->person, p->group, channels[c], *p->wanted[c], p->now_ms);
    return e ? e : changes_add(db, CHANGES_inbox, p->person, "preferred");
}

enum err inbox_wants_put(struct db *db, const struct inbox_wants_put *p, struct why *why)
{
    const bool *in_inbox = p->wanted[INBOX_WANTS_inbox];
    struct inbox_wants_put copy = *p;
    if (in_inbox && !*in_inbox && !inbox_verbs_group_may_be_off(p->group))
        return err_say(why, ERR_CONFLICT,
                       "what guards your account is always told in the inbox: \"%s\" stays on",
                       inbox_verbs_group_name(p->group));
    return db_write(db, put, &copy);
}

enum err inbox_wants_refuse(struct db *db, int64_t person, enum inbox_group group, int64_t sent_ms,
                            int64_t now_ms)
{
    struct db_query *q;
    enum err e =
        db_prepare(db,
                   "UPDATE inbox_preferences SET wanted = 0, refused = 1, changed_ms = "
                   ":now WHERE person_id = :person AND grp = :group AND channel = :channel "
                   "AND wanted AND changed_ms <= :sent",
                   &q);
    if (e) return e;
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":person", person);
    db_bind_text(q, ":group", inbox_verbs_group_name(group));
    db_bind_text(q, ":channel", channels[INBOX_WANTS_wechat]);
    db_bind_int(q, ":sent", sent_ms);
    return db_run(q, NULL);
}
