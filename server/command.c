#include "server/command.h"

#include "geo/base/clock.h"
#include "geo/base/text.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int command_fail(const struct command *command, enum err e, const struct why *why)
{
    fprintf(stderr, "yizhan %s: %s\n", command->name,
            why && why->text[0] ? why->text : err_text(e));
    return COMMAND_FAILED;
}

static enum err override(char *to, size_t size, const char *value, const char *name,
                         struct why *why)
{
    if (!value || text_copy(to, size, value)) return ERR_OK;
    return err_say(why, ERR_LIMIT, "--%s is too long", name);
}

int command_begin(const struct command *command, const struct option *options, size_t count,
                  int argc, char **argv, const struct command_common *common, struct config *config)
{
    struct why why = {""};
    bool help;
    enum err e = options_parse(options, count, argc, argv, &help, &why);
    if (!e && help) {
        options_print(command->name, command->summary, options, count);
        return COMMAND_DONE;
    }
    if (e) {
        fprintf(stderr, "yizhan %s: %s (see yizhan %s --help)\n", command->name, why.text,
                command->name);
        return COMMAND_MISUSED;
    }
    config_init(config);
    if (common->config_file) e = config_load(config, common->config_file, &why);
    if (!e) e = override(config->data_dir, sizeof config->data_dir, common->data, "data", &why);
    if (!e) e = override(config->share_dir, sizeof config->share_dir, common->share, "share", &why);
    return e ? command_fail(command, e, &why) : -1;
}

/* Set by the signal; read by the bar. The one object a signal handler may touch. */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

static void draw(struct command_bar *bar, uint64_t done, uint64_t total)
{
    bool terminal = isatty(STDERR_FILENO);
    char amount[64];
    if (total)
        (void)snprintf(amount, sizeof amount, "%3d %%",
                       (int)(100.0 * (double)done / (double)total));
    else
        (void)snprintf(amount, sizeof amount, "%llu", (unsigned long long)done);
    fprintf(stderr, terminal ? "\r\033[K  %s %s" : "  %s %s\n", bar->stage, amount);
    bar->drawn = terminal;
}

static bool report(void *user, const char *stage, uint64_t done, uint64_t total)
{
    struct command_bar *bar = user;
    double now = (double)clock_ns() * 1e-9;
    double pause = isatty(STDERR_FILENO) ? 0.2 : 3;
    bar->stage = stage;
    if (now - bar->started_s > 1 && now - bar->shown_s > pause) {
        draw(bar, done, total);
        bar->shown_s = now;
    }
    return !interrupted;
}

void command_bar_init(struct command_bar *bar)
{
    struct sigaction action = {.sa_handler = on_interrupt};
    *bar = (struct command_bar){.progress = {report, NULL}, .started_s = (double)clock_ns() * 1e-9};
    bar->progress.user = bar;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void command_bar_end(struct command_bar *bar)
{
    if (bar->drawn) fputs("\r\033[K", stderr);
    bar->drawn = false;
}
