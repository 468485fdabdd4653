#include "server/listener.h"

#include "geo/base/text.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024, HOST_SIZE = 256 };

/* Splits at the last colon; brackets around the host are dropped. */
static enum err split(const char *listen, char *host, size_t size, int64_t *port, struct why *why)
{
    const char *colon = strrchr(listen, ':');
    size_t len = colon ? (size_t)(colon - listen) : 0;
    if (!colon || !text_int(colon + 1, strlen(colon + 1), 0, 65535, port) || len >= size)
        return err_say(why, ERR_INVALID,
                       "cannot listen on \"%s\": give ADDRESS:PORT, such as 127.0.0.1:8080",
                       listen);
    bool bracketed = len >= 2 && listen[0] == '[' && listen[len - 1] == ']';
    memcpy(host, listen + bracketed, len - 2 * bracketed);
    host[len - 2 * bracketed] = '\0';
    return ERR_OK;
}

static enum err say_bind(const char *listen, int code, struct why *why)
{
    const char *remedy = "choose another address";
    if (code == EADDRINUSE)
        remedy = "another program listens there; stop it or choose another port";
    else if (code == EACCES)
        remedy = "ports below 1024 need privileges; choose a higher port";
    else if (code == EADDRNOTAVAIL)
        remedy = "this machine does not have that address; use one of its own, or 127.0.0.1";
    return err_say(why, ERR_SYSTEM, "cannot listen on %s: %s (%s)", listen, remedy, strerror(code));
}

static int bind_one(const struct addrinfo *a)
{
    int one = 1, fd = socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, a->ai_addr, a->ai_addrlen) == 0) return fd;
    int code = errno;
    close(fd);
    errno = code;
    return -1;
}

/* A socket bound to the first of the line's addresses that can be had; with any port, if asked. */
static enum err bind_any(const char *listen, bool any_port, int *fd, struct why *why)
{
    char host[HOST_SIZE], service[16];
    int64_t number = 0;
    struct addrinfo want = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found = NULL;
    enum err e = split(listen, host, sizeof host, &number, why);
    if (e) return e;
    (void)snprintf(service, sizeof service, "%d", any_port ? 0 : (int)number);
    int rc = getaddrinfo(host[0] ? host : NULL, service, &want, &found);
    if (rc)
        return err_say(why, ERR_INVALID, "cannot listen on %s: \"%s\" is no address (%s)", listen,
                       host, gai_strerror(rc));
    int bound = -1, code = 0;
    for (const struct addrinfo *a = found; a && bound < 0; a = a->ai_next) {
        bound = bind_one(a);
        if (bound < 0) code = errno;
    }
    freeaddrinfo(found);
    if (bound < 0) return say_bind(listen, code, why);
    *fd = bound;
    return ERR_OK;
}

static enum err tell(int fd, uint16_t *port, char *url, size_t size)
{
    struct sockaddr_storage at;
    socklen_t len = sizeof at;
    char host[HOST_SIZE], service[16];
    if (getsockname(fd, (struct sockaddr *)&at, &len)) return ERR_SYSTEM;
    if (getnameinfo((struct sockaddr *)&at, len, host, sizeof host, service, sizeof service,
                    NI_NUMERICHOST | NI_NUMERICSERV))
        return ERR_SYSTEM;
    int64_t number = 0;
    if (!text_int(service, strlen(service), 0, 65535, &number)) return ERR_SYSTEM;
    *port = (uint16_t)number;
    (void)snprintf(url, size, strchr(host, ':') ? "http://[%s]:%s" : "http://%s:%s", host, service);
    return ERR_OK;
}

enum err listener_open(const char *text, int *fd, uint16_t *port, char *url, size_t url_size,
                       struct why *why)
{
    int opened;
    enum err e = bind_any(text, false, &opened, why);
    if (e) return e;
    if (listen(opened, BACKLOG))
        e = say_bind(text, errno, why);
    else if (tell(opened, port, url, url_size))
        e = err_say(why, ERR_SYSTEM, "cannot listen on %s", text);
    if (e) {
        close(opened);
        return e;
    }
    *fd = opened;
    return ERR_OK;
}

enum err listener_check(const char *text, struct why *why)
{
    int fd;
    enum err e = bind_any(text, true, &fd, why);
    if (!e) close(fd);
    return e;
}
