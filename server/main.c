/* yizhan: one program, its subcommands in one table. */
#include "server/command.h"

#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
    &command_serve,         &command_import_osm,   &command_import_places, &command_import_areas,
    &command_import_grid,   &command_grid_list,    &command_grid_remove,   &command_export_places,
    &command_export_areas,  &command_export_cases, &command_build_roads,   &command_user_add,
    &command_user_password, &command_user_list,    &command_user_disable,  &command_user_totp_reset,
    &command_key_add,       &command_check,        &command_forget,        &command_photo_worker,
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_usage(FILE *to)
{
    fputs("usage: yizhan COMMAND [options]\n\n", to);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-16s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\nyizhan COMMAND --help tells a command's options.\n"
          "Exit codes: 0 done, 1 failed, 2 called wrongly, 3 check found something to mend.\n",
          to);
}

/* How many words of the call make this command's name; 0 if they do not. */
static int match(const struct command *command, int argc, char **argv)
{
    const char *rest = command->name;
    for (int words = 1; words < argc; words++) {
        size_t len = strlen(argv[words]);
        if (strncmp(rest, argv[words], len) != 0) return 0;
        if (rest[len] == '\0') return words;
        if (rest[len] != ' ') return 0;
        rest += len + 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
        print_usage(stdout);
        return COMMAND_DONE;
    }
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        puts("yizhan " YIZHAN_VERSION);
        return COMMAND_DONE;
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        int words = match(commands[i], argc, argv);
        if (words) return commands[i]->run(argc - words, argv + words);
    }
    if (argc > 1) fprintf(stderr, "yizhan: there is no command \"%s\"\n\n", argv[1]);
    print_usage(stderr);
    return COMMAND_MISUSED;
}
