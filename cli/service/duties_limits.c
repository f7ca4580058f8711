/* duties_limits.c - what somebody may move at once, and in a day (S7). */
#include "cli/service/duties.h"

#include "ledger/base/text.h"
#include "ledger/books/staff_memory.h"
#include "ledger/fund/claim.h"

/* What somebody does, or did. */
struct moving {
    struct store *store;
    struct arena *arena;
    const char *type;
    const struct canon *in, *out;
};

/* A claim that is accepted moves its loss, which stands where it was filed. */
static bool amount_of(const struct moving *moving, struct money *ret, struct error *err)
{
    struct claim claim;
    int64_t id = 0;

    *ret = MONEY_ZERO;
    if (text_equal(moving->type, "claim.accept")) {
        if (!canon_get_int(moving->in, "claim", &id)) {
            return request_malformed("claim", err);
        }
        if (!claim_load(moving->store, moving->arena, id, &claim, err)) {
            return false;
        }
        *ret = claim.loss;
        return true;
    }
    bool found = canon_get_fen(moving->in, "amount_fen", ret) ||
                 (moving->out != NULL && (canon_get_fen(moving->out, "amount_fen", ret) ||
                                          canon_get_fen(moving->out, "loss_fen", ret)));
    *ret = found && money_is_positive(*ret) ? *ret : MONEY_ZERO;
    return true;
}

/* A proposal moves nothing: it is held to the limit of one event, not to that of the day. */
static bool moves_money(const char *type)
{
    static const char *const proposals[] = {"loan.apply", "loan.reverse", "claim.open",
                                            "subsidy.claim", "premium.claim"};
    for (size_t i = 0; i < COUNT_OF(proposals); i++) {
        if (text_equal(type, proposals[i])) {
            return false;
        }
    }
    return true;
}

bool duty_above(const char *reason, const char *actor, struct money amount, struct money limit,
                struct error *err)
{
    char text[MONEY_TEXT_SIZE];

    error_set(err, FAULT_REFUSED, reason, _("%s is above what “%s” may move"),
              money_format(amount, text), actor);
    error_limit(err, _("the limit is %s"), money_format(limit, text));
    return error_next(err, _("ask somebody with a higher limit"));
}

bool duty_amount(const struct deed *deed, struct money *ret, struct error *err)
{
    struct moving moving = {deed->store, deed->arena, deed->use_case->type, deed->in, deed->out};
    return amount_of(&moving, ret, err);
}

bool limits_allow(const struct deed *deed, struct error *err)
{
    struct grant_answer search;
    struct money amount = MONEY_ZERO;
    struct money today = MONEY_ZERO;
    char person[STAFF_CODE_SIZE];

    if (deed->seq == 0) {
        return true;
    }
    if (!duty_amount(deed, &amount, err) ||
        !staff_ask_grant(deed->store, deed->memory, deed->actor, role_word(deed->role), deed->at,
                         &search, err)) {
        return false;
    }
    if (!search.found) {
        return duty_role_missing(deed->actor, deed->use_case->type, (unsigned)deed->role, err);
    }
    if (search.grant.has_limit && money_compare(amount, search.grant.limit) > 0) {
        return duty_above("duty.limit", deed->actor, amount, search.grant.limit, err);
    }
    if (!search.grant.has_day_limit || !moves_money(deed->use_case->type)) {
        return true;
    }
    if (!staff_person(deed->store, deed->actor, person, err) ||
        !staff_use_load(deed->store, deed->day, person, role_word(deed->role), &today, err)) {
        return false;
    }
    if (!money_add(today, amount, &today) || money_compare(today, search.grant.day_limit) > 0) {
        return duty_above("duty.day-limit", deed->actor, today, search.grant.day_limit, err);
    }
    return true;
}

/* What was decided elsewhere counts as its own type, of who decided, in that type's one role. */
static bool counts_as(const struct projection *p, const char *type, const char **ret_type,
                      const char **ret_actor, const char **ret_role, struct error *err)
{
    const struct use_case *use_case = use_case_find(type);

    *ret_type = type;
    *ret_actor = p->actor;
    *ret_role = p->role;
    if (use_case == NULL || use_case->decides == NULL) {
        return true;
    }
    *ret_type = use_case->decides;
    *ret_actor = canon_get_text(p->out, "decided_by");
    *ret_role = role_word((enum role)use_case_find(use_case->decides)->roles);
    return *ret_actor != NULL || event_malformed("decided_by", err);
}

bool duties_count(const struct projection *p, const char *type, struct error *err)
{
    struct moving moving = {p->store, p->arena, type, p->in, p->out};
    const char *code = NULL;
    const char *role = NULL;
    struct money amount = MONEY_ZERO;
    struct staff_answer actor;

    if (!counts_as(p, type, &moving.type, &code, &role, err) || !amount_of(&moving, &amount, err)) {
        return false;
    }
    if (money_is_zero(amount) || !moves_money(moving.type)) {
        return true;
    }
    return (p->memory == NULL ? staff_person(p->store, code, actor.person, err)
                              : staff_ask(p->store, p->memory, code, &actor, err)) &&
           staff_use_add(p->store, p->day, actor.person, role, amount, err);
}
