/* libmicrohttpd's door: sockets, connections and bytes. What goes through it is an exchange: one
 * request and its answer.
 *
 * An event loop calls `begin` when the headers are there, collects the body, and then has `answer`
 * called, either at once or, where `begin` named a lane of workers, there, while the connection is
 * suspended. `done` follows once the answer is out or the client is gone. */
#ifndef YZ_SERVER_HTTP_H
#define YZ_SERVER_HTTP_H

#include "server/exchange.h"
#include "server/worker.h"

#include <stdint.h>

struct http_hooks {
    void *user;
    /* Parses, routes, refuses early by noting a problem. */
    void (*begin)(void *user, struct exchange *x);
    /* Makes the response ready to send. `cancelled`: the server stops or is overrun; a problem is
     * noted already and nothing else is to be done. */
    void (*answer)(void *user, struct exchange *x, bool cancelled);
    void (*done)(void *user, struct exchange *x);
};

struct http_options {
    const char *listen;                                             /* "ADDRESS:PORT" */
    unsigned threads, max_connections, max_connections_per_address; /* 0 of the last: no limit */
    unsigned idle_timeout_s, request_deadline_s;
    size_t max_body_bytes; /* of all requests together */
    bool behind_proxy;
    struct http_hooks hooks;
};

struct http;

/* Listens, and answers nobody yet: clients wait. An address that cannot be had is told in one
 * sentence with its remedy. */
enum err http_open(const struct http_options *options, struct http **http, struct why *why);

/* Serves from here on. The hooks may be called before this returns, so whatever they use has to be
 * there, `*http` included. */
enum err http_serve(struct http *http, struct why *why);

/* The address served, "http://127.0.0.1:8080". */
const char *http_url(const struct http *http);
uint16_t http_port(const struct http *http);

/* Open connections, requests between their headers and the end of their answer, and bytes of bodies
 * held. */
size_t http_connections(struct http *http);
size_t http_requests_running(struct http *http);
size_t http_body_bytes(struct http *http);

/* Takes no new connections any more; those that are open go on. Serving or not. */
void http_quiesce(struct http *http);

/* Whether no request is being received, worked on or answered. */
bool http_is_quiet(struct http *http);

/* Closes everything and frees. No exchange may be on a worker any more. NULL does nothing. */
void http_stop(struct http *http);

#endif
