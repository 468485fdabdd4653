/* How a webhook and its deliveries are written. */
#ifndef YZ_SERVER_API_WEBHOOK_JSON_H
#define YZ_SERVER_API_WEBHOOK_JSON_H

#include "data/deliveries.h"
#include "data/webhooks.h"
#include "geo/base/jsonw.h"

/* `secret`: to be shown this once; else NULL. */
void webhook_json_write(struct jsonw *json, const struct webhooks_hook *hook, const char *secret);
void webhook_json_delivery(struct jsonw *json, const struct deliveries_delivery *delivery);

#endif
