/* States and moves of a kind, from its file. */
#ifndef YZ_DATA_KINDS_FLOW_H
#define YZ_DATA_KINDS_FLOW_H

#include "data/kinds_piece.h"

/* `states` and `moves` of the file's root; no state may be out of reach. */
enum err kinds_flow_read(const struct kinds_reader *r, const struct conf_node *root);

#endif
