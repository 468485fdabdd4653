/* Texts that staff send again and again. */
#ifndef YZ_SERVER_API_API_TEMPLATES_H
#define YZ_SERVER_API_API_TEMPLATES_H

#include "server/tools.h"

/* GET and POST /v1/templates, PUT and DELETE /v1/templates/{id}: shown to those who work on cases
 * of the kind in the area, kept by those who may `share` there. */
enum err api_templates_list(struct request *request, struct response *response,
                            struct tools *tools);
enum err api_templates_create(struct request *request, struct response *response,
                              struct tools *tools);
enum err api_templates_put(struct request *request, struct response *response, struct tools *tools);
enum err api_templates_delete(struct request *request, struct response *response,
                              struct tools *tools);

#endif
