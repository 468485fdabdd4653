#include "data/points_rules.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const char kind[] =
    "kind: report\nlabel: {zh: a, en: b}\nneeds: []\nstates:\n  - {code: filed, zh: a, en: b, "
    "open: "
    "true}\n  - {code: closed, zh: a, en: b, open: false}\n  - {code: rejected, zh: a, en: b, "
    "open: "
    "false}\nmoves:\n  - {from: filed, to: closed, by: [staff], zh: a, en: b}\n  - {from: filed, "
    "to: rejected, by: [staff], zh: a, en: b}\ngroups:\n  - code: g\n    zh: a\n    en: b\n    "
    "categories:\n      - {code: collapse, zh: a, en: b}\n";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct kinds *kinds;
    struct points_rules *rules;
    struct why why = {""};
    if (kinds_parse("kind", kind, strlen(kind), NULL, &kinds, &why)) __builtin_trap();
    if (!points_rules_parse("fuzz", (const char *)bytes, len, kinds, &rules, &why)) {
        const struct points_rule *rule = points_rules_of(rules, "report");
        if (rule) (void)points_rules_amount(rule, "collapse", POINTS_JOINER);
        points_rules_free(rules);
    }
    kinds_free(kinds);
    return 0;
}
