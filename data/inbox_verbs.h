/* What people are told: one list of verbs, each with its group, by which somebody can want or not
 * want it, and its sentence in two languages. Whoever needs another adds a line. */
#ifndef YZ_DATA_INBOX_VERBS_H
#define YZ_DATA_INBOX_VERBS_H

#include "geo/base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/* The group, and whether it may be turned off in the inbox: what guards somebody's account may not.
 */
#define INBOX_GROUPS(X)                                                                            \
    X(account, false)                                                                              \
    X(reports, true)                                                                               \
    X(points, true)                                                                                \
    X(rewards, true)                                                                               \
    X(activities, true)                                                                            \
    X(posts, true)                                                                                 \
    X(votes, true)                                                                                 \
    X(proposals, true)                                                                             \
    X(members, true)                                                                               \
    X(offers, true)
enum inbox_group {
#define INBOX_ENUM(name, may_be_off) INBOX_##name,
    INBOX_GROUPS(INBOX_ENUM)
#undef INBOX_ENUM
        INBOX_GROUP_COUNT
};

/* X(name, code, group, Chinese, English). In a sentence stand {title}, {at} (as the local clock
 * shows it) and {note}; a part in square brackets is left out where a value in it is missing, so
 * that a title belongs into some: a private thing has none. The code is what is stored and what
 * clients go by: it does not change. */
/* clang-format off */
#define INBOX_VERBS(X)                                                                                                          \
    X(report_moved,          "report.moved",          reports,    "你的上报[「{title}」]有新进展[：{note}]",       "Your report[ “{title}”] has moved on[: {note}]") \
    X(report_written,        "report.written",        reports,    "工作人员就你的上报[「{title}」]留言",           "Staff wrote to you about your report[ “{title}”]") \
    X(points_settled,        "points.settled",        points,     "积分已入账[：{title}][ {note}]",                "Points have come in[: {title}][ {note}]") \
    X(points_reversed,       "points.reversed",       points,     "积分已撤销[：{title}][ {note}]，原因见明细",    "Points have been taken back[: {title}][ {note}]; your statement says why") \
    X(reward_expired,        "reward.expired",        rewards,    "兑换码已过期[：「{title}」]，积分已退回",       "Your code has expired[: “{title}”]; the points are back") \
    X(reward_spent,          "reward.spent",          rewards,    "兑换码已使用[：「{title}」]",                   "Your code was used[: “{title}”]") \
    X(activity_confirmed,    "activity.confirmed",    activities, "你参加[「{title}」]已获确认",                   "That you took part[ in “{title}”] has been confirmed") \
    X(activity_refused,      "activity.refused",      activities, "你参加[「{title}」]未获确认[：{note}]",         "That you took part[ in “{title}”] was not confirmed[: {note}]") \
    X(activity_seated,       "activity.seated",       activities, "候补成功[：「{title}」][，{at}]",               "There is a seat for you now[: “{title}”][, {at}]") \
    X(activity_tomorrow,     "activity.tomorrow",     activities, "活动提醒[：「{title}」][，{at}]",               "A reminder[: “{title}”][, {at}]") \
    X(activity_changed,      "activity.changed",      activities, "活动有变动[：「{title}」][，{at}]",             "What you signed up for has changed[: “{title}”][, {at}]") \
    X(activity_cancelled,    "activity.cancelled",    activities, "活动已取消[：「{title}」][，{note}]",           "What you signed up for is cancelled[: “{title}”][; {note}]") \
    X(deed_written,          "deed.written",          activities, "请确认你的事迹[：「{title}」]",                 "Something was written about what you did: do you agree?[ “{title}”]") \
    X(deed_published,        "deed.published",        activities, "你的事迹已发布[：「{title}」]",                 "What you did is shown to everybody now[: “{title}”]") \
    X(post_published,        "post.published",        posts,      "新发布[：「{title}」]",                         "There is something new[: “{title}”]") \
    X(story_published,       "story.published",       posts,      "你的投稿已发布[：「{title}」]",                 "Your story is published[: “{title}”]") \
    X(story_returned,        "story.returned",        posts,      "你的投稿被退回[：「{title}」][，{note}]",       "Your story was sent back[: “{title}”][; {note}]") \
    X(vote_opened,           "vote.opened",           votes,      "投票开始[：「{title}」][，截止 {at}]",          "A vote has opened[: “{title}”][, until {at}]") \
    X(vote_reminder,         "vote.reminder",         votes,      "你还没有投票[：「{title}」][，截止 {at}]",      "You have not voted yet[: “{title}”][, until {at}]") \
    X(vote_closed,           "vote.closed",           votes,      "投票结果已公布[：「{title}」]",                 "A vote has its result[: “{title}”]") \
    X(proposal_moved,        "proposal.moved",        proposals,  "提案有新进展[：「{title}」][，{note}]",         "A proposal has moved on[: “{title}”][; {note}]") \
    X(proposal_commented,    "proposal.commented",    proposals,  "提案有新评论[：「{title}」]",                   "A proposal has a new comment[: “{title}”]") \
    X(proposal_merged,       "proposal.merged",       proposals,  "提案已合并，附议一并转入[：「{title}」]",       "A proposal was merged, and its supports went along[: “{title}”]") \
    X(comment_hidden,        "comment.hidden",        proposals,  "你的评论已被隐藏[：{note}]",                    "A comment of yours was hidden[: {note}]") \
    X(member_approved,       "member.approved",       members,    "入会申请已通过[：「{title}」]",                 "You are a member now[: “{title}”]") \
    X(member_refused,        "member.refused",        members,    "入会申请未通过[：「{title}」][，{note}]",       "You were not taken in[: “{title}”][; {note}]") \
    X(member_ended,          "member.ended",          members,    "会员关系已结束[：「{title}」]",                 "You are no member any more[: “{title}”]") \
    X(offer_published,       "offer.published",       offers,     "新优惠[：「{title}」][，至 {at}]",              "A new offer[: “{title}”][, until {at}]") \
    X(account_wechat_bound,  "account.wechat_bound",  account,    "你的账号已绑定微信",                            "WeChat can now be used to sign in to your account") \
    X(account_wechat_freed,  "account.wechat_freed",  account,    "你的账号已解除微信绑定",                        "WeChat can no longer be used to sign in to your account") \
    X(account_password,      "account.password",      account,    "你的密码已更改，其他设备已退出",                "Your password was changed, and your other devices were signed out")
/* clang-format on */
enum inbox_verb {
#define INBOX_ENUM(name, code, group, zh, en) INBOX_##name,
    INBOX_VERBS(INBOX_ENUM)
#undef INBOX_ENUM
        INBOX_VERB_COUNT
};

const char *inbox_verbs_group_name(enum inbox_group group);
bool inbox_verbs_group_may_be_off(enum inbox_group group);
/* False: there is none of that name. */
bool inbox_verbs_group_find(const char *name, enum inbox_group *group);

const char *inbox_verbs_code(enum inbox_verb verb);
enum inbox_group inbox_verbs_group(enum inbox_verb verb);
/* False: there is none of that code, as where a newer program wrote it. */
bool inbox_verbs_find(const char *code, enum inbox_verb *verb);

/* Appends the verbs of a group (NULL: all that are known) as a list for SQL: "('vote.opened',
 * ...)". They are constants of the program. */
void inbox_verbs_list(const enum inbox_group *group, struct buf *sql);

/* What a sentence is filled with; NULL, "" and 0: missing. */
struct inbox_verbs_values {
    const char *title, *note;
    int64_t at_ms;
};
/* Appends the sentence, in English or Chinese. */
void inbox_verbs_say(enum inbox_verb verb, bool english, const struct inbox_verbs_values *values,
                     struct buf *text);

#endif
