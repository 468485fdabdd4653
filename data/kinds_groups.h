/* Groups of categories and their questions, from the file of a kind. */
#ifndef YZ_DATA_KINDS_GROUPS_H
#define YZ_DATA_KINDS_GROUPS_H

#include "data/kinds_piece.h"

/* `groups` of the file's root; after the kind's own deadline, which is its categories' too. */
enum err kinds_groups_read(const struct kinds_reader *r, const struct conf_node *root);

#endif
