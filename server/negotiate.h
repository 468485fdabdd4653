/* Which of the forms that the server has a client likes best (RFC 9110, 12.5). */
#ifndef YZ_SERVER_NEGOTIATE_H
#define YZ_SERVER_NEGOTIATE_H

/* The index of the offer that an Accept header likes best; of equal ones the first. An offer is a
 * media type, whose parameters do not count, in a NULL-terminated list. No header, or an empty one:
 * the first. -1: it takes none of them. */
int negotiate_media(const char *accept, const char *const *offers);

/* The index of the language (a primary tag, "zh") that an Accept-Language header likes best; of
 * equal ones that named first. The first where it says nothing of any. */
int negotiate_language(const char *accept_language, const char *const *offers);

#endif
