#include "server/api/instruction.h"

#include <math.h>

const char *const instruction_langs[] = {"zh", "en", NULL};

static const char *const type_names[] = {
    [ROUTE_DEPART] = "depart",
    [ROUTE_TURN] = "turn",
    [ROUTE_NEW_NAME] = "new name",
    [ROUTE_CONTINUE] = "continue",
    [ROUTE_MERGE] = "merge",
    [ROUTE_FORK] = "fork",
    [ROUTE_END_OF_ROAD] = "end of road",
    [ROUTE_ROUNDABOUT] = "roundabout",
    [ROUTE_EXIT_ROUNDABOUT] = "exit roundabout",
    [ROUTE_NOTIFICATION] = "notification",
    [ROUTE_ARRIVE] = "arrive",
};

static const struct {
    const char *name, *turn[2], *keep[2];
} modifiers[] = {
    [ROUTE_UTURN] = {"uturn", {"掉头", "Make a U-turn"}, {"掉头", "Make a U-turn"}},
    [ROUTE_SHARP_RIGHT] = {"sharp right",
                           {"向右急转", "Turn sharp right"},
                           {"靠右急转", "Keep sharp right"}},
    [ROUTE_RIGHT] = {"right", {"右转", "Turn right"}, {"靠右", "Keep right"}},
    [ROUTE_SLIGHT_RIGHT] = {"slight right", {"向右前方", "Bear right"}, {"靠右", "Keep right"}},
    [ROUTE_STRAIGHT] = {"straight", {"直行", "Go straight on"}, {"直行", "Keep straight on"}},
    [ROUTE_SLIGHT_LEFT] = {"slight left", {"向左前方", "Bear left"}, {"靠左", "Keep left"}},
    [ROUTE_LEFT] = {"left", {"左转", "Turn left"}, {"靠左", "Keep left"}},
    [ROUTE_SHARP_LEFT] = {"sharp left",
                          {"向左急转", "Turn sharp left"},
                          {"靠左急转", "Keep sharp left"}},
};

/* How one goes on, by mode. */
static const struct {
    const char *name, *verb[2];
} modes[] = {
    [ROUTE_RIDING] = {"riding", {"行驶", "Ride"}},
    [ROUTE_WALKING] = {"walking", {"步行", "Walk"}},
    [ROUTE_PUSHING] = {"pushing bike", {"下车推行", "Get off and push"}},
    [ROUTE_FERRY] = {"ferry", {"乘轮渡", "Take the ferry"}},
};

/* Towards where one sets out, clockwise from north, an eighth of the circle each. */
static const char *const winds[][2] = {
    {"北", "north"}, {"东北", "northeast"}, {"东", "east"}, {"东南", "southeast"},
    {"南", "south"}, {"西南", "southwest"}, {"西", "west"}, {"西北", "northwest"}};

const char *instruction_type(enum route_maneuver_type type)
{
    return type_names[type];
}

const char *instruction_modifier(enum route_modifier modifier)
{
    return modifiers[modifier].name;
}

const char *instruction_mode(enum route_mode mode)
{
    return modes[mode].name;
}

bool instruction_has_modifier(const struct route_step *step)
{
    return step->type != ROUTE_DEPART && step->type != ROUTE_ARRIVE;
}

/* " onto X" or nothing, for roads without a name. */
static const char *onto(const struct route_step *step, enum instruction_lang lang,
                        struct arena *arena)
{
    const char *name = step->name && step->name[0] ? step->name
                       : step->ref && step->ref[0] ? step->ref
                                                   : NULL;
    if (!name) return "";
    return arena_printf(arena, lang == INSTRUCTION_ZH ? "进入%s" : " onto %s", name);
}

static const char *text_depart(const struct route_step *step, enum instruction_lang lang,
                               struct arena *arena)
{
    int bearing = ((step->bearing_after % 360) + 360) % 360;
    const char *wind = winds[(bearing + 22) / 45 % 8][lang], *verb = modes[step->mode].verb[lang];
    bool named = step->name && step->name[0];
    if (lang == INSTRUCTION_ZH)
        return named ? arena_printf(arena, "沿%s向%s%s", step->name, wind, verb)
                     : arena_printf(arena, "向%s%s", wind, verb);
    return named ? arena_printf(arena, "%s %s on %s", verb, wind, step->name)
                 : arena_printf(arena, "%s %s", verb, wind);
}

static const char *text_roundabout(const struct route_step *step, enum instruction_lang lang,
                                   struct arena *arena)
{
    const char *way = onto(step, lang, arena);
    if (!way) return NULL;
    if (step->exit <= 0)
        return arena_printf(arena, lang == INSTRUCTION_ZH ? "进入环岛%s" : "Enter the roundabout%s",
                            lang == INSTRUCTION_ZH ? "" : way);
    if (lang == INSTRUCTION_ZH)
        return arena_printf(arena, "进入环岛，从第%d出口驶出%s%s", step->exit, way[0] ? "，" : "",
                            way);
    return arena_printf(arena, "At the roundabout take exit %d%s", step->exit, way);
}

static const char *text_arrive(const struct route_step *step, enum instruction_lang lang,
                               struct arena *arena)
{
    bool left = step->modifier >= ROUTE_SLIGHT_LEFT,
         right = step->modifier != ROUTE_UTURN && step->modifier < ROUTE_STRAIGHT;
    if (lang == INSTRUCTION_ZH)
        return arena_printf(arena, "到达目的地%s", left ? "，在左侧" : right ? "，在右侧" : "");
    return arena_printf(arena, "You have arrived%s",
                        left    ? "; it is on the left"
                        : right ? "; it is on the right"
                                : "");
}

/* The rest: what to do, and where that leads. */
static const char *text_turn(const struct route_step *step, enum instruction_lang lang,
                             struct arena *arena)
{
    const char *way = onto(step, lang, arena), *action = modifiers[step->modifier].turn[lang];
    const char *place = "";
    bool zh = lang == INSTRUCTION_ZH;
    if (!way) return NULL;
    if (step->type == ROUTE_FORK || step->type == ROUTE_MERGE)
        action = modifiers[step->modifier].keep[lang];
    if (step->type == ROUTE_NEW_NAME || step->type == ROUTE_NOTIFICATION) {
        action = step->mode == ROUTE_PUSHING || step->mode == ROUTE_FERRY
                     ? modes[step->mode].verb[lang]
                     : modifiers[ROUTE_STRAIGHT].turn[lang];
    }
    if (step->type == ROUTE_END_OF_ROAD) place = zh ? "在道路尽头" : " at the end of the road";
    if (step->type == ROUTE_EXIT_ROUNDABOUT)
        return arena_printf(arena, zh ? "驶出环岛%s" : "Leave the roundabout%s", way);
    return zh ? arena_printf(arena, "%s%s%s", place, action, way)
              : arena_printf(arena, "%s%s%s", action, place, way);
}

const char *instruction_text(const struct route_step *step, enum instruction_lang lang,
                             struct arena *arena)
{
    switch (step->type) {
    case ROUTE_DEPART:
        return text_depart(step, lang, arena);
    case ROUTE_ROUNDABOUT:
        return text_roundabout(step, lang, arena);
    case ROUTE_ARRIVE:
        return text_arrive(step, lang, arena);
    default:
        return text_turn(step, lang, arena);
    }
}
