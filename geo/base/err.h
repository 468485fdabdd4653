/* What can go wrong, in one list, and a place to say what exactly did.
 *
 * A function that can fail returns `enum err`, hands its results out through its last pointers and
 * leaves them untouched on failure. Where the cause is in something a person wrote (a file, a
 * parameter), the function also takes a `struct why *` and names the culprit there. */
#ifndef YZ_GEO_BASE_ERR_H
#define YZ_GEO_BASE_ERR_H

#define ERR_LIST(X)                                                                                \
    X(OK, "done")                                                                                  \
    X(NOMEM, "out of memory")                                                                      \
    X(IO, "reading or writing a file failed")                                                      \
    X(FULL, "no space is left on the disk")                                                        \
    X(READONLY, "the file or folder cannot be written")                                            \
    X(NOTFOUND, "not found")                                                                       \
    X(INVALID, "the value is not valid")                                                           \
    X(RANGE, "the value is out of range")                                                          \
    X(LIMIT, "a limit was exceeded")                                                               \
    X(FORMAT, "the data does not have the expected format")                                        \
    X(VERSION, "the file has another version than this program reads")                             \
    X(CHECKSUM, "the file is damaged: its checksum does not match")                                \
    X(TRUNCATED, "the data ends too early")                                                        \
    X(UNSUPPORTED, "not supported")                                                                \
    X(BUSY, "busy with something else; try again")                                                 \
    X(LOCKED, "another process is using it")                                                       \
    X(CONFLICT, "it contradicts what is already stored")                                           \
    X(DENIED, "not allowed")                                                                       \
    X(UNREACHABLE, "no way leads there")                                                           \
    X(NOSEGMENT, "no usable road is near")                                                         \
    X(TIMEOUT, "it took too long")                                                                 \
    X(CANCELLED, "stopped on request")                                                             \
    X(DB, "the database refused")                                                                  \
    X(SYSTEM, "the operating system refused")

enum err {
#define ERR_ENUM(name, text) ERR_##name,
    ERR_LIST(ERR_ENUM)
#undef ERR_ENUM
        ERR_COUNT
};

/* A sentence about one failure, made for a person; empty until something is said. */
struct why {
    char text[320];
};

/* The list's sentence for `e`; static text, never NULL. */
const char *err_text(enum err e);

/* The list's name for `e` in lower case ("notfound"), for logs and metrics; static text. */
const char *err_name(enum err e);

/* The `enum err` nearest to a value of errno. */
enum err err_from_errno(int code);

/* Writes a formatted sentence into `why` (which may be NULL). Text that does not fit is cut at a
 * UTF-8 boundary. The returned number means nothing. */
int err_tell(struct why *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline enum err err_told(enum err e, int told)
{
    (void)told;
    return e;
}

/* err_tell, and the value `e`: so that a failing function can end with
 * `return err_say(why, ERR_FORMAT, "line %u: ...", line);` and a static analyser sees that it
 * failed. */
#define err_say(why, e, ...) err_told((e), err_tell((why), __VA_ARGS__))

#endif
