/* Sessions that browsers carry in a cookie, and the proof that a request comes from our own page.
 *
 * Over https the cookie is `__Host-yizhan` (Secure, which the prefix demands), over http `yizhan`;
 * each is read only where it belongs. Both are HttpOnly and SameSite=Strict. What a page has to say
 * besides (X-CSRF-Token) is a hash of the session's token: bound to it, and nothing that the token
 * follows from, so that nothing has to be stored. */
#ifndef YZ_SERVER_CSRF_H
#define YZ_SERVER_CSRF_H

#include "data/secrets.h"
#include "server/tools.h"

/* Whether the client speaks https to us or to the proxy before us. */
bool csrf_is_secure(const struct request *request, const struct tools *tools);

/* The token that came in the cookie; false when none did. */
bool csrf_cookie(const struct request *request, const struct tools *tools,
                 char token[SECRETS_TOKEN_SIZE]);

/* The value of Set-Cookie, in the request's arena: until the browser is closed, for a desk is often
 * shared; "" forgets it at once. */
const char *csrf_set_cookie(struct request *request, const struct tools *tools, const char *token);

/* What X-CSRF-Token has to be. */
void csrf_text(const char *token, char text[SECRETS_HEX_SIZE]);

/* Refuses what a browser says comes from elsewhere (Sec-Fetch-Site, Origin); what is not said
 * passes. Notes 403. */
enum err csrf_same_origin(struct request *request, const struct tools *tools);

/* Whether a request that changes something may come with the cookie: that, and X-CSRF-Token. */
enum err csrf_check(struct request *request, const struct tools *tools, const char *token);

#endif
