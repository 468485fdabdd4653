/* Rewards and redemptions as JSON. */
#ifndef YZ_SERVER_API_REWARD_JSON_H
#define YZ_SERVER_API_REWARD_JSON_H

#include "data/redemptions.h"
#include "geo/base/jsonw.h"

/* `for_staff` with what only they need: how many there were, and the version. */
void reward_json_write(struct jsonw *json, const struct rewards_reward *reward, bool for_staff);

/* With its code, where it has one. */
void reward_json_redemption(struct jsonw *json, const struct redemptions_redemption *r);

#endif
