#include "cli/service/split_record.h"

#include "cli/service/decision_record.h"
#include "cli/service/use_case.h"
#include "ledger/base/text.h"

/* --- payers ----------------------------------------------------------------------------------- */

static bool payer_of(const struct canon *row, const struct policy *policy, size_t *ret)
{
    const char *name = canon_get_text(row, "payer");
    for (size_t i = 0; name != NULL && i < policy_payers(policy); i++) {
        if (text_equal(policy_payer(policy, i).name, name)) {
            *ret = i;
            return true;
        }
    }
    return false;
}

static struct canon *payer_row(struct canon *list, struct arena *arena, const struct policy *policy,
                               size_t payer)
{
    struct canon *row = canon_object(arena);
    canon_set_text(row, "payer", policy_payer(policy, payer).name);
    canon_add(list, row);
    return row;
}

/* [{"payer", "fen"}] of those that are not zero. */
static struct canon *shares_record(struct arena *arena, const struct policy *policy,
                                   const struct shares *shares)
{
    struct canon *list = canon_array(arena);
    for (size_t i = 0; i < policy_payers(policy); i++) {
        if (!money_is_zero(shares->of[i])) {
            canon_set_fen(payer_row(list, arena, policy, i), "fen", shares->of[i]);
        }
    }
    return list;
}

static bool shares_read(const struct canon *list, const struct policy *policy, const char *member,
                        struct shares *ret)
{
    for (size_t i = 0; list != NULL && i < canon_count(list); i++) {
        size_t payer = 0;
        if (!payer_of(canon_at(list, i), policy, &payer) ||
            !canon_get_fen(canon_at(list, i), member, &ret->of[payer])) {
            return false;
        }
    }
    return true;
}

/* --- a loss ----------------------------------------------------------------------------------- */

static struct canon *loss_facts_record(struct arena *arena, const struct case_facts *facts)
{
    struct canon *record = canon_object(arena);
    for (size_t i = 0; i < FACT_COUNT; i++) {
        enum fact_name name = (enum fact_name)i;
        if (facts->of[i].known && fact_belongs_to(name, FACTS_OF_LOSS)) {
            facts_add_record(record, name, facts->of[i].value);
        }
    }
    return record;
}

static struct canon *borne_record(struct arena *arena, const struct policy *policy,
                                  const struct loss_case *loss)
{
    struct canon *list = canon_array(arena);
    for (size_t i = 0; loss->has_history && i < policy_payers(policy); i++) {
        if (!money_is_zero(loss->in_all.of[i])) {
            struct canon *row = payer_row(list, arena, policy, i);
            canon_set_fen(row, "year_fen", loss->this_year.of[i]);
            canon_set_fen(row, "all_fen", loss->in_all.of[i]);
        }
    }
    return list;
}

struct canon *loss_record(struct arena *arena, const struct policy *policy,
                          const struct loss_case *loss, const struct loss_split *split)
{
    struct canon *record = canon_object(arena);
    struct canon *borne = borne_record(arena, policy, loss);
    struct canon *steps = canon_array(arena);

    for (size_t i = 0; i < split->step_count; i++) {
        const struct loss_step_result *step = &split->steps[i];
        struct canon *row = payer_row(steps, arena, policy, step->payer);
        canon_set_fen(row, "base_fen", step->base);
        canon_set_fen(row, "share_fen", step->share);
        canon_set_fen(row, "part_fen", step->part);
    }
    canon_set(record, "facts", loss_facts_record(arena, loss->facts));
    if (canon_count(borne) > 0) {
        canon_set(record, "borne", borne);
    }
    canon_set(record, "steps", steps);
    return record;
}

bool loss_record_read(const struct canon *record, const struct policy *policy,
                      struct case_facts *ret_facts, struct loss_case *ret, struct error *err)
{
    const struct canon *borne = canon_get(record, "borne");

    ret->facts = ret_facts;
    ret->has_history = true;
    return (facts_read_record(canon_get(record, "facts"), ret_facts) &&
            shares_read(borne, policy, "year_fen", &ret->this_year) &&
            shares_read(borne, policy, "all_fen", &ret->in_all)) ||
           event_malformed("split", err);
}

/* --- a recovery ------------------------------------------------------------------------------- */

bool recovery_split(const struct policy *policy, const struct recovery_case *recovery,
                    struct shares *ret_so_far, struct shares *ret_new, struct error *err)
{
    struct shares had;

    if (!policy_split_recovery(policy, recovery->on, &recovery->borne, recovery->before, &had,
                               err) ||
        !policy_split_recovery(policy, recovery->on, &recovery->borne, recovery->total, ret_so_far,
                               err)) {
        return false;
    }
    for (size_t i = 0; i < PAYERS_MAX; i++) {
        if (!money_sub(ret_so_far->of[i], had.of[i], &ret_new->of[i]) ||
            money_is_negative(ret_new->of[i])) {
            return error_set(err, FAULT_INTERNAL, "recovery.overflow", _("the parts do not fit"));
        }
    }
    return true;
}

struct canon *recovery_record(struct arena *arena, const struct policy *policy,
                              const struct recovery_case *recovery, const struct shares *new_parts)
{
    struct canon *record = canon_object(arena);
    struct sha256 digest = policy_digest(policy);

    canon_set_sha256(record, "policy", &digest);
    canon_set_date(record, "on", recovery->on);
    canon_set_fen(record, "before_fen", recovery->before);
    canon_set_fen(record, "total_fen", recovery->total);
    canon_set(record, "borne", shares_record(arena, policy, &recovery->borne));
    canon_set(record, "parts", shares_record(arena, policy, new_parts));
    return record;
}

bool recovery_record_read(const struct canon *record, const struct policy *policy,
                          struct recovery_case *ret, struct error *err)
{
    *ret = (struct recovery_case){0};
    return (canon_get_date(record, "on", &ret->on) &&
            canon_get_fen(record, "before_fen", &ret->before) &&
            canon_get_fen(record, "total_fen", &ret->total) &&
            shares_read(canon_get(record, "borne"), policy, "fen", &ret->borne)) ||
           event_malformed("split", err);
}
