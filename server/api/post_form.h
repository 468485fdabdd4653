/* Posts as staff send them. */
#ifndef YZ_SERVER_API_POST_FORM_H
#define YZ_SERVER_API_POST_FORM_H

#include "data/posts.h"
#include "server/tools.h"

/* Reads the body into `*post`, whole; a change (`is_new` false) owes `version`. What is not said of
 * a quiz is as its kind says. Notes what is wrong, also areas that there are not. */
enum err post_form_read(struct request *request, const struct tools *tools, bool is_new,
                        struct posts_post *post);

/* Notes a failure of the store, whose sentence may begin with the name of a field: "title: ". */
enum err post_form_refuse(struct request *request, enum err e, const struct why *why);

#endif
