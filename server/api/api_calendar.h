/* Activities for the calendars of phones and desks: one of them, and what one signed up for. */
#ifndef YZ_SERVER_API_API_CALENDAR_H
#define YZ_SERVER_API_API_CALENDAR_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

enum err api_calendar_one(struct request *request, struct response *response, struct tools *tools);
enum err api_calendar_mine(struct request *request, struct response *response, struct tools *tools);

#endif
