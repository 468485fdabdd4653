#include "server/options.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool is_positional(const struct option *option)
{
    return isupper((unsigned char)option->name[0]) != 0;
}

static const struct option *find(const struct option *options, size_t count, const char *name,
                                 size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (!is_positional(&options[i]) && strlen(options[i].name) == len &&
            memcmp(options[i].name, name, len) == 0)
            return &options[i];
    return NULL;
}

/* Takes argv[*i], which starts with "--", and perhaps the one behind it. */
static enum err take_named(const struct option *options, size_t count, int argc, char **argv,
                           int *i, struct why *why)
{
    const char *name = argv[*i] + 2, *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    const struct option *option = find(options, count, name, len);
    if (!option) return err_say(why, ERR_INVALID, "there is no option %s", argv[*i]);
    if (option->flag) {
        if (equals) return err_say(why, ERR_INVALID, "--%s takes no value", option->name);
        *option->flag = true;
        return ERR_OK;
    }
    const char *value = equals ? equals + 1 : *i + 1 < argc ? argv[++*i] : NULL;
    if (!value || !*value)
        return err_say(why, ERR_INVALID, "--%s needs a value: --%s %s", option->name, option->name,
                       option->placeholder);
    *option->text = value;
    return ERR_OK;
}

static enum err take_positional(const struct option *options, size_t count, const char *value,
                                struct why *why)
{
    for (size_t i = 0; i < count; i++)
        if (is_positional(&options[i]) && !*options[i].text) {
            *options[i].text = value;
            return ERR_OK;
        }
    return err_say(why, ERR_INVALID, "\"%s\" is one argument too many", value);
}

static enum err check_required(const struct option *options, size_t count, struct why *why)
{
    for (size_t i = 0; i < count; i++)
        if (options[i].required && !*options[i].text)
            return err_say(why, ERR_INVALID, "%s%s is missing",
                           is_positional(&options[i]) ? "" : "--", options[i].name);
    return ERR_OK;
}

enum err options_parse(const struct option *options, size_t count, int argc, char **argv,
                       bool *help, struct why *why)
{
    *help = false;
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) *help = true;
    if (*help) return ERR_OK;
    for (int i = 1; i < argc; i++) {
        enum err e = strncmp(argv[i], "--", 2) == 0 && argv[i][2]
                         ? take_named(options, count, argc, argv, &i, why)
                         : take_positional(options, count, argv[i], why);
        if (e) return e;
    }
    return check_required(options, count, why);
}

void options_print(const char *command, const char *summary, const struct option *options,
                   size_t count)
{
    printf("usage: yizhan %s", command);
    for (size_t i = 0; i < count; i++)
        if (is_positional(&options[i]))
            printf(options[i].required ? " %s" : " [%s]", options[i].name);
    printf(" [options]\n\n%s\n\n", summary);
    for (size_t i = 0; i < count; i++) {
        char left[64];
        if (is_positional(&options[i]))
            (void)snprintf(left, sizeof left, "%s", options[i].name);
        else
            (void)snprintf(left, sizeof left, "--%s%s%s", options[i].name,
                           options[i].placeholder ? " " : "",
                           options[i].placeholder ? options[i].placeholder : "");
        printf("  %-24s %s\n", left, options[i].help);
    }
    printf("  %-24s %s\n", "--help", "this text");
}
