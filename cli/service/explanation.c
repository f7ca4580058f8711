#include "cli/service/explanation.h"

#include "cli/service/claim_loss.h"
#include "cli/service/classification.h"
#include "cli/service/decision_record.h"
#include "cli/service/policy_shelf.h"
#include "cli/service/row_reader.h"
#include "cli/service/split_record.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/base/text.h"

/* What one event is explained with. */
struct explaining {
    struct store *store;
    struct policy_shelf *policies;
    struct arena *arena;
    const struct canon *body;
    const struct canon *out;
    struct explanation *to;
};

/* --- decisions -------------------------------------------------------------------------------- */

/* The days for which it holds; else it was made on the day of the event. */
static bool read_period(const struct explaining *e, const struct canon *record,
                        struct explained_decision *ret, struct error *err)
{
    ret->from = e->to->day;
    ret->has_period = canon_get(record, "from") != NULL;
    return !ret->has_period ||
           (canon_get_date(record, "from", &ret->from) &&
            canon_get_date(record, "upto", &ret->upto)) ||
           event_malformed("decision", err);
}

static bool agrees(const struct explaining *e, const struct canon *record,
                   const struct explained_decision *explained)
{
    struct canon *again = decision_record(e->arena, &explained->decision);

    if (explained->has_period) {
        canon_set_date(again, "from", explained->from);
        canon_set_date(again, "upto", explained->upto);
    }
    return canon_equal(record, again);
}

/* What stands in for an answer: no subsidy, or the class of the table alone. */
static bool stands_in(const struct canon *record, const struct decision_question *question,
                      const struct policy *policy, struct explained_decision *ret)
{
    struct error ignored = {0};
    const struct fact *days = &question->facts.of[FACT_DAYS_OVERDUE];

    if (question->point != DECISION_CLASSIFICATION) {
        ret->decision.outcome = OUTCOME_BLOCK;
        return text_equal(ret->recorded, outcome_name(OUTCOME_BLOCK));
    }
    return days->known &&
           policy_class(policy, ret->from, days->value.number, &ret->decision.class, NULL,
                        &ignored) &&
           canon_get_text(record, "class") != NULL &&
           text_equal(canon_get_text(record, "class"), loan_class_word(ret->decision.class));
}

/* What could not be answered then must fail for the same reason now. */
static void explain_failure(const struct explaining *e, const struct canon *record,
                            const struct decision_question *question, const struct policy *policy,
                            const struct error *failure, struct explained_decision *ret)
{
    const char *reason = canon_get_text(record, "unanswered");

    ret->decision = (struct decision){.point = question->point,
                                      .on = ret->from,
                                      .policy_name = policy_name(policy),
                                      .policy = question->policy};
    if (reason != NULL) {
        ret->unanswered = arena_printf(e->arena, "%s (%s)", failure->text, failure->limit);
        ret->agrees =
            text_equal(reason, failure->reason) && stands_in(record, question, policy, ret);
    }
}

/* The class of a classification, the outcome of any other decision. */
static const char *recorded_result(const struct canon *record)
{
    const char *class = canon_get_text(record, "class");
    return class != NULL ? class : canon_get_text(record, "outcome");
}

static bool explain_decision(const struct explaining *e, const struct canon *record,
                             struct explained_decision *ret, struct error *err)
{
    struct decision_question question;
    const struct policy *policy = NULL;
    struct error failure = {0};

    if (!read_period(e, record, ret, err) ||
        !decision_question_read(record, ret->from, &question, err) ||
        !policy_with_digest(e->policies, e->store, &question.policy, &policy, err)) {
        return false;
    }
    ret->recorded = arena_text(e->arena, recorded_result(record));
    if (!policy_decide(policy, e->arena, question.point, &question.days, ret->from, &question.facts,
                       &ret->decision, &failure)) {
        explain_failure(e, record, &question, policy, &failure, ret);
        return true;
    }
    ret->agrees = agrees(e, record, ret);
    return true;
}

/* Of the event as a whole, or of one row of it. */
static bool explain_decisions(const struct explaining *e, const struct canon *holder, int64_t loan,
                              struct error *err)
{
    struct explanation *to = e->to;
    const struct canon *records = canon_get(holder, "decision");

    for (size_t i = 0; records != NULL && i < canon_count(records); i++) {
        if (to->decisions == EXPLAINED_DECISIONS_MAX) {
            to->more++;
            continue;
        }
        to->decision = arena_grow(e->arena, to->decision, to->decisions, &to->decision_room,
                                  sizeof *to->decision);
        struct explained_decision *one = &to->decision[to->decisions];
        *one = (struct explained_decision){.loan = loan};
        if (!explain_decision(e, canon_at(records, i), one, err)) {
            return false;
        }
        to->decisions++;
    }
    return true;
}

/* --- bulk work -------------------------------------------------------------------------------- */

static bool explain_row(const struct explaining *e, const struct canon *row, int64_t only,
                        struct error *err)
{
    const struct canon *out = canon_get(row, "out");
    int64_t loan = 0;

    if (canon_get(row, "decision") == NULL) {
        return true;
    }
    if (out == NULL || !canon_get_int(out, "loan", &loan)) {
        return event_malformed("rows", err);
    }
    return (only != 0 && loan != only) || explain_decisions(e, row, loan, err);
}

static bool explain_batches(const struct explaining *e, struct row_reader *reader, int64_t only,
                            struct error *err)
{
    const struct row_batch *batch = NULL;

    do {
        if (!row_reader_next(reader, &batch, err)) {
            return false;
        }
        for (size_t i = 0; batch != NULL && i < batch->rows; i++) {
            if (!explain_row(e, batch->row[i], only, err)) {
                return false;
            }
        }
    } while (batch != NULL);
    return true;
}

static bool explain_rows(const struct explaining *e, const struct buffer *beside, int64_t only,
                         struct error *err)
{
    struct row_reader reader;

    row_reader_begin(&reader, canon_get(e->body, "rows"), beside, e->to->day, NULL);
    bool ok = explain_batches(e, &reader, only, err);
    row_reader_end(&reader);
    return ok;
}

/* --- a loss ----------------------------------------------------------------------------------- */

static void list_shares(const struct policy *policy, const struct shares *parts,
                        struct explained_split *ret)
{
    for (size_t i = 0; i < policy_payers(policy); i++) {
        struct payer_facts payer = policy_payer(policy, i);
        ret->share[ret->shares++] = (struct explained_share){
            .payer = payer.name, .payer_zh = payer.title_zh, .part = parts->of[i]};
    }
}

/* The sentences of the policy: perhaps what the loss is, then a step each, then the remainder. */
static bool list_loss_steps(const struct explaining *e, const struct policy *policy,
                            const struct loss_split *split, struct explained_split *ret)
{
    size_t sentences = policy_loss_steps(policy, ret->on);
    size_t first = sentences - split->step_count - 1;
    struct money rest = ret->amount;

    ret->step = arena_alloc_array(e->arena, sentences, sizeof *ret->step);
    ret->steps = sentences;
    for (size_t i = 0; i < sentences; i++) {
        struct explained_step *step = &ret->step[i];
        *step = (struct explained_step){.text_en = policy_loss_step(policy, ret->on, i, false),
                                        .text_zh = policy_loss_step(policy, ret->on, i, true)};
        if (i < first) {
            continue;
        }
        step->has_part = true;
        step->part = rest;
        if (i - first < split->step_count) {
            const struct loss_step_result *result = &split->steps[i - first];
            step->has_base = true;
            step->base = result->base;
            step->share = result->share;
            step->part = result->part;
            if (!money_sub(rest, result->part, &rest)) {
                return false;
            }
        }
    }
    return true;
}

static void list_payments(const struct explaining *e, const struct policy *policy,
                          const struct loss_split *split, struct explained_split *ret)
{
    ret->payment = arena_alloc_array(e->arena, split->payment_count + 1, sizeof *ret->payment);
    for (size_t i = 0; i < split->payment_count; i++) {
        const struct loss_payment *one = &split->payments[i];
        struct payer_facts payer = policy_payer(policy, one->payer);
        struct payer_facts by = policy_payer(policy, one->by);
        ret->payment[ret->payments++] =
            (struct explained_payment){payer.name,  payer.title_zh, by.name,           by.title_zh,
                                       one->amount, one->within,    one->refund_within};
    }
}

/* Payments on record are those of the split; a claim that nobody pays has none. */
static bool payments_agree(const struct explaining *e, const struct policy *policy,
                           const struct loss_split *split)
{
    const struct canon *record = canon_get(e->out, "payments");

    return record == NULL ? split->payment_count == 0
                          : records_are_equal(record, payments_record(e->arena, policy, split));
}

/* The days that governed the claim's decision govern the loss. */
static bool loss_days(const struct explaining *e, struct governing_days *ret, struct error *err)
{
    for (size_t i = 0; i < e->to->decisions; i++) {
        if (e->to->decision[i].decision.point == DECISION_CLAIM) {
            const struct canon *record = canon_at(canon_get(e->body, "decision"), i);
            return days_read_record(canon_get(record, "days"), e->to->day, ret) ||
                   event_malformed("days", err);
        }
    }
    return event_malformed("decision", err);
}

static bool explain_loss(const struct explaining *e, const struct canon *record, struct error *err)
{
    struct explained_split *to = &e->to->split;
    struct governing_days days;
    struct case_facts facts = {0};
    struct loss_case loss = {.days = &days};
    struct loss_split split;
    struct sha256 digest;
    const struct policy *policy = NULL;
    struct money recorded;

    if (!canon_get_sha256(e->out, "policy", &digest) ||
        !canon_get_fen(e->out, "loss_fen", &recorded)) {
        return event_malformed("policy, loss_fen", err);
    }
    if (!policy_with_digest(e->policies, e->store, &digest, &policy, err) ||
        !loss_days(e, &days, err) || !loss_record_read(record, policy, &facts, &loss, err)) {
        return false;
    }
    to->kind = SPLIT_LOSS;
    to->on = days.of[policy_loss_governed_by(policy)];
    if (!policy_loss_amount(policy, to->on, &days, &facts, &loss.loss, err) ||
        !policy_split_loss(policy, to->on, &loss, &split, err)) {
        return false;
    }
    to->amount = loss.loss;
    to->clause = policy_loss_clause(policy, to->on);
    to->policy_name = policy_name(policy);
    to->policy = digest;
    to->agrees = money_compare(loss.loss, recorded) == 0 &&
                 records_are_equal(record, loss_record(e->arena, policy, &loss, &split)) &&
                 payments_agree(e, policy, &split);
    list_payments(e, policy, &split, to);
    list_shares(policy, &split.shares, to);
    return list_loss_steps(e, policy, &split, to) || event_malformed("split", err);
}

/* --- a recovery ------------------------------------------------------------------------------- */

static void list_recovery_steps(const struct explaining *e, const struct policy *policy,
                                struct explained_split *ret)
{
    ret->steps = policy_recovery_steps(policy, ret->on);
    ret->step = arena_alloc_array(e->arena, ret->steps, sizeof *ret->step);
    for (size_t i = 0; i < ret->steps; i++) {
        ret->step[i] =
            (struct explained_step){.text_en = policy_recovery_step(policy, ret->on, i, false),
                                    .text_zh = policy_recovery_step(policy, ret->on, i, true)};
    }
}

static bool explain_recovery(const struct explaining *e, const struct canon *record,
                             struct error *err)
{
    struct explained_split *to = &e->to->split;
    struct recovery_case recovery;
    struct shares so_far;
    struct shares parts;
    struct sha256 digest;
    const struct policy *policy = NULL;

    if (!canon_get_sha256(record, "policy", &digest)) {
        return event_malformed("split", err);
    }
    if (!policy_with_digest(e->policies, e->store, &digest, &policy, err) ||
        !recovery_record_read(record, policy, &recovery, err) ||
        !recovery_split(policy, &recovery, &so_far, &parts, err)) {
        return false;
    }
    to->kind = SPLIT_RECOVERY;
    to->on = recovery.on;
    to->clause = policy_recovery_clause(policy, to->on);
    to->policy_name = policy_name(policy);
    to->policy = digest;
    to->agrees = records_are_equal(record, recovery_record(e->arena, policy, &recovery, &parts));
    list_recovery_steps(e, policy, to);
    list_shares(policy, &parts, to);
    for (size_t i = 0; i < to->shares; i++) {
        to->share[i].borne = recovery.borne.of[i];
        to->share[i].so_far = so_far.of[i];
    }
    return money_sub(recovery.total, recovery.before, &to->amount) || event_malformed("split", err);
}

static bool explain_split(const struct explaining *e, struct error *err)
{
    const struct canon *record = e->out == NULL ? NULL : canon_get(e->out, "split");

    if (record == NULL) {
        return true;
    }
    return text_equal(e->to->type, "recovery.record") ? explain_recovery(e, record, err)
                                                      : explain_loss(e, record, err);
}

static bool explain_overrides(const struct explaining *e, struct error *err)
{
    const struct canon *list = e->out == NULL ? NULL : canon_get(e->out, "overrides");
    size_t count = list == NULL ? 0 : canon_count(list);

    e->to->override = arena_alloc_array(e->arena, count + 1, sizeof *e->to->override);
    for (size_t i = 0; i < count; i++) {
        const char *text = canon_as_text(canon_at(list, i));
        int64_t id = 0;
        if (text == NULL || !text_parse_int(text, 1, INT64_MAX, &id, err)) {
            return event_malformed("overrides", err);
        }
        if (!loan_override_load(e->store, e->arena, id, &e->to->override[i], err)) {
            return false;
        }
        e->to->overrides++;
    }
    return true;
}

/* Decided on in this event. */
static bool explain_referred(const struct explaining *e, struct error *err)
{
    struct explanation *to = e->to;
    const struct canon *list = e->out == NULL ? NULL : canon_get(e->out, "referred");

    for (size_t i = 0; list != NULL && i < canon_count(list); i++) {
        const struct canon *one = canon_at(list, i);
        struct loan_referral referral = {.point = canon_get_text(one, "point"),
                                         .condition = canon_get_text(one, "condition"),
                                         .reason =
                                             canon_get_text(canon_get(e->body, "in"), "reason"),
                                         .day = to->day};
        if (referral.point == NULL || referral.condition == NULL || referral.reason == NULL) {
            return event_malformed("referred", err);
        }
        to->referral = arena_grow(e->arena, to->referral, to->referrals, &to->referral_room,
                                  sizeof *to->referral);
        to->referral[to->referrals++] = referral;
    }
    return true;
}

/* Decided on before. */
static bool explain_referrals(const struct explaining *e, struct error *err)
{
    const struct canon *list = e->out == NULL ? NULL : canon_get(e->out, "referrals");

    for (size_t i = 0; list != NULL && i < canon_count(list); i++) {
        const char *text = canon_as_text(canon_at(list, i));
        int64_t seq = 0;
        if (text == NULL || !text_parse_int(text, 0, INT64_MAX, &seq, err)) {
            return event_malformed("referrals", err);
        }
        if (!loan_referrals_load(e->store, (uint64_t)seq, e->arena, &e->to->referral,
                                 &e->to->referrals, &e->to->referral_room, err)) {
            return false;
        }
    }
    return true;
}

static bool explain_parts(struct store *store, struct policy_shelf *policies, struct arena *arena,
                          const char *type, const struct canon *body, int64_t only,
                          struct explanation *ret, struct error *err)
{
    const struct use_case *use_case = use_case_find(type);
    struct explaining e = {.store = store,
                           .policies = policies,
                           .arena = arena,
                           .body = body,
                           .out = canon_get(body, "out"),
                           .to = ret};

    *ret = (struct explanation){.type = type};
    if (use_case == NULL || use_case->control) {
        return true; /* about the book itself: no date, and no policy was asked */
    }
    if (!canon_get_date(body, "date", &ret->day)) {
        return event_malformed("date", err);
    }
    return explain_decisions(&e, body, 0, err) && explain_split(&e, err) &&
           explain_overrides(&e, err) && explain_referred(&e, err) && explain_referrals(&e, err) &&
           (canon_get(body, "rows") == NULL || explain_rows(&e, NULL, only, err));
}

bool explain_body(struct store *store, struct policy_shelf *policies, struct arena *arena,
                  const char *type, const struct canon *body, struct explanation *ret,
                  struct error *err)
{
    return explain_parts(store, policies, arena, type, body, 0, ret, err);
}

/* Rows that stand beside the line of the event. */
static bool explain_beside(struct office *office, const struct event *event, uint64_t seq,
                           int64_t only, struct explanation *ret, struct error *err)
{
    struct explaining e = {.store = office->store,
                           .policies = office->policies,
                           .arena = &office->arena,
                           .body = event->body,
                           .to = ret};
    AUTO_BUFFER beside;

    buffer_init(&beside, EVENT_ROWS_MAX);
    return canon_get(event->body, "rows_sha256") == NULL ||
           (event_rows_load(office->store, seq, &beside, err) &&
            explain_rows(&e, &beside, only, err));
}

bool explain_event(struct office *office, uint64_t seq, int64_t loan, struct explanation *ret,
                   struct error *err)
{
    struct event event;
    struct sha256 leaf;
    struct log_tip tip;

    if (!log_tip_load(office->store, &tip, err)) {
        return false;
    }
    if (seq >= tip.size) {
        error_set(err, FAULT_REFUSED, "event.not-found", _("event %llu is not in the log"),
                  (unsigned long long)seq);
        return error_next(err, _("`yicang audit log` lists the events"));
    }
    if (!event_load(office->store, &office->arena, office->facts.origin, seq, &event, &leaf, err) ||
        !explain_parts(office->store, office->policies, &office->arena, event.type, event.body,
                       loan, ret, err) ||
        !explain_beside(office, &event, seq, loan, ret, err)) {
        return false;
    }
    ret->seq = seq;
    ret->actor = decided_by(canon_get(event.body, "out"), event.actor);
    for (size_t i = 0; i < ret->referrals; i++) {
        if (ret->referral[i].actor == NULL) {
            ret->referral[i].seq = seq;
            ret->referral[i].actor = ret->actor;
        }
    }
    return true;
}
