/* What WeChat answers. */
#include "server/body_answer.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct body_answer answer;
    if (body_answer_read((const char *)bytes, len, &answer)) return 0;
    if (strlen(answer.openid) >= sizeof answer.openid ||
        strlen(answer.access_token) >= sizeof answer.access_token || answer.expires_s < 0 ||
        answer.expires_s > 86400)
        __builtin_trap();
    return 0;
}
