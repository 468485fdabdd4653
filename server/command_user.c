#include "server/command.h"

#include "data/areas.h"
#include "data/kinds.h"
#include "data/rights.h"
#include "data/totp.h"
#include "server/store.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int run_add(int argc, char **argv);
static int run_password(int argc, char **argv);
static int run_list(int argc, char **argv);
static int run_disable(int argc, char **argv);
static int run_totp_reset(int argc, char **argv);
static int run_key(int argc, char **argv);

const struct command command_user_add = {
    "user add", "Adds a person who signs in, or gives one that exists another role.", run_add};
const struct command command_user_password = {
    "user password", "Sets a password and ends the person's sessions.", run_password};
const struct command command_user_list = {"user list", "Lists people and what they may do.",
                                          run_list};
const struct command command_user_disable = {
    "user disable", "Lets a person sign in no more; ends sessions and keys.", run_disable};
const struct command command_user_totp_reset = {
    "user totp-reset", "Takes a person's second factor away: the device is lost.", run_totp_reset};
const struct command command_key_add = {
    "key add", "Makes an API key for an integrator and shows it, this once.", run_key};

enum { PASSWORD_SIZE = 1026 };

static bool read_line(char *line, size_t size)
{
    if (!fgets(line, (int)size, stdin)) return false;
    line[strcspn(line, "\r\n")] = '\0';
    return true;
}

/* From standard input as it is, or asked for on the terminal without echo. */
static enum err read_password(bool from_stdin, char password[PASSWORD_SIZE], struct why *why)
{
    struct termios old;
    if (from_stdin) {
        if (read_line(password, PASSWORD_SIZE)) return ERR_OK;
        return err_say(why, ERR_INVALID, "no password came on standard input");
    }
    if (tcgetattr(STDIN_FILENO, &old) != 0)
        return err_say(why, ERR_INVALID,
                       "standard input is no terminal: give the password with --password-stdin");
    struct termios quiet = old;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    fputs("Password: ", stderr);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    bool got = read_line(password, PASSWORD_SIZE);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
    fputc('\n', stderr);
    return got ? ERR_OK : err_say(why, ERR_INVALID, "no password was typed");
}

static enum err find_role(const char *text, enum people_role *role, struct why *why)
{
    char names[200] = "";
    if (!people_role_find(text, role)) return ERR_OK;
    for (int i = 0; i < PEOPLE_ROLE_COUNT; i++) {
        size_t len = strlen(names);
        (void)snprintf(names + len, sizeof names - len, "%s%s", i ? ", " : "",
                       people_role_name((enum people_role)i));
    }
    return err_say(why, ERR_INVALID, "there is no role \"%s\"; the roles are %s", text, names);
}

static enum err find_area(struct db *db, const char *text, int64_t *id, struct why *why)
{
    enum err e = text ? areas_find(db, text, id) : ERR_OK;
    if (e == ERR_NOTFOUND) return err_say(why, e, "no area has the code or name \"%s\"", text);
    if (e == ERR_CONFLICT)
        return err_say(why, e, "several areas are called \"%s\": give the code instead", text);
    return e;
}

static enum err check_kind(const struct config *config, const char *kind, struct why *why)
{
    char path[PATH_MAX];
    struct kinds *kinds = NULL;
    if (!kind) return ERR_OK;
    enum err e = config_share(config, "kinds", path, sizeof path);
    if (!e) e = kinds_load(path, NULL, &kinds, why);
    if (!e && !rights_kind(kinds, kind))
        e = err_say(why, ERR_INVALID, "there is no kind of case \"%s\"; they are described in %s",
                    kind, path);
    kinds_free(kinds);
    return e;
}

static enum err add(struct store *store, const char *login, const char *name, bool from_stdin,
                    const struct people_grant *grant, struct why *why)
{
    char password[PASSWORD_SIZE] = "";
    int64_t id = 0;
    enum err e = people_find(store->db, login, &id, NULL);
    if (e == ERR_NOTFOUND) {
        bool signs_in = grant->role != PEOPLE_integrator;
        e = signs_in ? read_password(from_stdin, password, why) : ERR_OK;
        if (!e)
            e = people_add(store->db, NULL, grant, login, name ? name : login,
                           signs_in ? password : NULL, &id, why);
        explicit_bzero(password, sizeof password);
        return e;
    }
    return e ? e : people_grant(store->db, NULL, id, grant, why);
}

static int run_add(int argc, char **argv)
{
    struct command_common common = {0};
    const char *login = NULL, *name = NULL, *role = NULL, *area = NULL, *kind = NULL;
    bool from_stdin = false;
    const struct option options[] = {
        {"LOGIN", NULL, "2 to 64 of a-z 0-9 . _ - @", true, &login, NULL},
        {"role", "ROLE", "area_staff, area_lead, city_admin, integrator, ...", true, &role, NULL},
        {"area", "CODE|NAME", "only there (everywhere)", false, &area, NULL},
        {"kind", "KIND", "only for this kind of case, 'closure' or 'place' (all)", false, &kind,
         NULL},
        {"name", "NAME", "as others see it (the login)", false, &name, NULL},
        {"password-stdin", NULL, "read the password from standard input", false, NULL, &from_stdin},
        COMMAND_COMMON(common),
    };
    struct config config;
    struct store store;
    struct why why = {""};
    int end = command_begin(&command_user_add, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    if (end >= 0) return end;
    struct people_grant grant = {.kind = kind ? kind : ""};
    enum err e = find_role(role, &grant.role, &why);
    if (e) return command_fail(&command_user_add, e, &why);
    e = check_kind(&config, kind, &why);
    if (e) return command_fail(&command_user_add, e, &why);
    e = store_open(&store, &config, &why);
    if (!e) e = find_area(store.db, area, &grant.area_id, &why);
    if (!e) e = add(&store, login, name, from_stdin, &grant, &why);
    store_close(&store);
    if (e) return command_fail(&command_user_add, e, &why);
    printf("%s is %s\n", login, role);
    return COMMAND_DONE;
}

static int run_password(int argc, char **argv)
{
    struct command_common common = {0};
    const char *login = NULL;
    bool from_stdin = false;
    const struct option options[] = {
        {"LOGIN", NULL, "whose", true, &login, NULL},
        {"password-stdin", NULL, "read the password from standard input", false, NULL, &from_stdin},
        COMMAND_COMMON(common),
    };
    char password[PASSWORD_SIZE] = "";
    int64_t person = 0;
    struct config config;
    struct store store;
    struct why why = {""};
    int end = command_begin(&command_user_password, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    if (end >= 0) return end;
    enum err e = store_open(&store, &config, &why);
    if (!e) e = people_find(store.db, login, &person, &why);
    if (!e) e = read_password(from_stdin, password, &why);
    if (!e) e = people_set_password(store.db, NULL, person, password, &why);
    explicit_bzero(password, sizeof password);
    store_close(&store);
    return e ? command_fail(&command_user_password, e, &why) : COMMAND_DONE;
}

static void print_person(void *user, const struct people_listed *person)
{
    (void)user;
    printf("%s\t%s%s", person->login, person->name, person->disabled ? "\tdisabled" : "");
    for (size_t i = 0; i < person->grant_count; i++) {
        const struct people_grant *grant = &person->grants[i];
        printf("\t%s", people_role_name(grant->role));
        if (grant->area_id) printf(" in area %lld", (long long)grant->area_id);
        if (*grant->kind) printf(" for %s", grant->kind);
    }
    putchar('\n');
}

static int run_list(int argc, char **argv)
{
    struct command_common common = {0};
    const struct option options[] = {COMMAND_COMMON(common)};
    struct config config;
    struct store store;
    struct why why = {""};
    int end = command_begin(&command_user_list, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    if (end >= 0) return end;
    enum err e = store_open(&store, &config, &why);
    if (!e) e = people_list(store.db, print_person, NULL);
    store_close(&store);
    return e ? command_fail(&command_user_list, e, &why) : COMMAND_DONE;
}

static int run_disable(int argc, char **argv)
{
    struct command_common common = {0};
    const struct people_put off = {.sets_disabled = true, .disabled = true};
    const char *login = NULL;
    int64_t person = 0;
    const struct option options[] = {{"LOGIN", NULL, "whom", true, &login, NULL},
                                     COMMAND_COMMON(common)};
    struct config config;
    struct store store;
    struct why why = {""};
    int end = command_begin(&command_user_disable, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    if (end >= 0) return end;
    enum err e = store_open(&store, &config, &why);
    if (!e) e = people_find(store.db, login, &person, &why);
    if (!e) e = people_put(store.db, NULL, person, &off, &why);
    store_close(&store);
    return e ? command_fail(&command_user_disable, e, &why) : COMMAND_DONE;
}

static int run_totp_reset(int argc, char **argv)
{
    struct command_common common = {0};
    const char *login = NULL;
    const struct option options[] = {{"LOGIN", NULL, "whose", true, &login, NULL},
                                     COMMAND_COMMON(common)};
    int64_t person = 0;
    struct config config;
    struct store store;
    struct why why = {""};
    int end = command_begin(&command_user_totp_reset, options, sizeof options / sizeof *options,
                            argc, argv, &common, &config);
    if (end >= 0) return end;
    enum err e = store_open(&store, &config, &why);
    if (!e) e = people_find(store.db, login, &person, &why);
    if (!e) e = totp_remove(store.db, NULL, person, &why);
    store_close(&store);
    return e ? command_fail(&command_user_totp_reset, e, &why) : COMMAND_DONE;
}

static int run_key(int argc, char **argv)
{
    struct command_common common = {0};
    const char *login = NULL, *label = "default";
    const struct option options[] = {
        {"LOGIN", NULL, "of an integrator (user add LOGIN --role integrator)", true, &login, NULL},
        {"label", "LABEL", "to tell keys apart (default)", false, &label, NULL},
        COMMAND_COMMON(common),
    };
    char key[SECRETS_TOKEN_SIZE];
    int64_t person = 0;
    struct config config;
    struct store store;
    struct why why = {""};
    int end = command_begin(&command_key_add, options, sizeof options / sizeof *options, argc, argv,
                            &common, &config);
    if (end >= 0) return end;
    enum err e = store_open(&store, &config, &why);
    if (!e) e = people_find(store.db, login, &person, &why);
    if (!e) e = people_key_add(store.db, NULL, person, label, key, &why);
    store_close(&store);
    if (e) return command_fail(&command_key_add, e, &why);
    printf("%s\n", key);
    return COMMAND_DONE;
}
