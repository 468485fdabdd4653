#include "server/command.h"

#include "data/photo_hand.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Whoever calls it by hand is told what it is, instead of waiting for ever. */
static bool is_called_by_a_server(void)
{
    int type = 0;
    socklen_t size = sizeof type;
    return getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

static int run(int argc, char **argv)
{
    struct why why = {""};
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        puts("usage: yizhan photo-worker\n\nA server starts this itself, to decode photos apart "
             "from "
             "everything else. It takes no options.");
        return COMMAND_DONE;
    }
    if (argc > 1 || !is_called_by_a_server()) {
        fputs("yizhan photo-worker: a server starts this itself, to decode photos apart from "
              "everything else\n",
              stderr);
        return COMMAND_MISUSED;
    }
    enum err e = photo_hand_work(STDIN_FILENO, "yizhan", &why);
    if (e) return command_fail(&command_photo_worker, e, &why);
    _exit(COMMAND_DONE); /* libvips' threads are none of the end's business */
}

const struct command command_photo_worker = {
    "photo-worker", "decode photos for a server, which starts this itself", run};
