/* cmd_explain.c - why an event came out as it did, at three depths. */
#include "cli/acting.h"
#include "cli/commands.h"
#include "cli/explain_table.h"
#include "ledger/base/text.h"
#include "ledger/fund/claim.h"
#include "ledger/loans/loan_history.h"

static const struct option explain_options[] = {
    {"event", OPTION_TEXT, true, "EVENT",
     N_("number of the event; or a loan or claim (L1, C1): the events that decided on it"), true},
    {"depth", OPTION_CHOICE, false, "result|steps|clauses",
     N_("how far it goes; else steps: each condition with the values of its parts"), false},
};

static enum explanation_depth depth_of(const struct invocation *invocation)
{
    const struct option_value *depth = invocation_value(invocation, "depth");

    if (!depth->given || text_equal(depth->text, "steps")) {
        return EXPLAIN_STEPS;
    }
    return text_equal(depth->text, "result") ? EXPLAIN_RESULT : EXPLAIN_CLAUSES;
}

/* --- as text ---------------------------------------------------------------------------------- */

static void tell_again(bool agrees, struct buffer *out)
{
    buffer_printf(out, "%s\n",
                  agrees ? _("Asked again with what is on record: the same.")
                         : _("Asked again with what is on record: NOT the same."));
}

/* Versions of one policy have one name: only the digest tells them apart. */
static void tell_version(const char *name, const struct sha256 *digest, struct buffer *out)
{
    char hex[SHA256_HEX_SIZE];

    buffer_printf(out, _("By policy %s, digest %s\n"), name,
                  hex_format(digest->byte, SHA256_SIZE, hex));
}

/* On what it was decided, where that is not the event itself. */
static void tell_subject(const struct explained_decision *one, struct buffer *out)
{
    char from[DATE_TEXT_SIZE];
    char last[DATE_TEXT_SIZE];

    if (one->loan != 0) {
        buffer_printf(out, _("Loan L%lld\n"), (long long)one->loan);
    }
    if (one->has_period) {
        buffer_printf(out, _("For the days from %s to %s\n"), date_format(one->from, from),
                      date_format(date_add_days(one->upto, -1), last));
    }
}

static void tell_decision(const struct explained_decision *one, enum explanation_depth depth,
                          bool chinese, struct buffer *out)
{
    buffer_add_byte(out, '\n');
    tell_subject(one, out);
    decision_tell(&one->decision, depth, chinese, out);
    if (one->unanswered != NULL && one->decision.point == DECISION_CLASSIFICATION) {
        buffer_printf(out, _("The class is that of the table alone; not answered: %s\n"),
                      one->unanswered);
    } else if (one->unanswered != NULL) {
        buffer_printf(out, _("Nothing is paid for what cannot be answered: %s\n"), one->unanswered);
    }
    if (!one->agrees) {
        buffer_printf(out, _("The event holds the outcome “%s”.\n"),
                      outcome_tell(one->recorded, chinese));
    }
    if (depth == EXPLAIN_CLAUSES) {
        tell_version(one->decision.policy_name, &one->decision.policy, out);
    }
    tell_again(one->agrees, out);
}

static void tell_step(const struct explained_step *step, bool chinese, struct buffer *out)
{
    char base[MONEY_TEXT_SIZE];
    char share[MONEY_TEXT_SIZE];
    char part[MONEY_TEXT_SIZE];

    buffer_printf(out, "- %s", chinese ? step->text_zh : step->text_en);
    if (step->has_base) {
        buffer_printf(out, _(": of %s are %s, bears %s"), money_format(step->base, base),
                      money_format(step->share, share), money_format(step->part, part));
    } else if (step->has_part) {
        buffer_printf(out, _(": bears %s"), money_format(step->part, part));
    }
    buffer_add_byte(out, '\n');
}

static void tell_shares(const struct explained_split *split, bool chinese, struct buffer *out)
{
    for (size_t i = 0; i < split->shares; i++) {
        const struct explained_share *share = &split->share[i];
        const char *payer = chinese ? share->payer_zh : share->payer;
        char part[MONEY_TEXT_SIZE];
        char so_far[MONEY_TEXT_SIZE];
        char borne[MONEY_TEXT_SIZE];
        if (split->kind == SPLIT_LOSS) {
            buffer_printf(out, _("%s: %s\n"), payer, money_format(share->part, part));
        } else {
            buffer_printf(out, _("%s: %s; so far %s of %s borne\n"), payer,
                          money_format(share->part, part), money_format(share->so_far, so_far),
                          money_format(share->borne, borne));
        }
    }
}

/* Only where a part is not simply paid by who bears it. */
static void tell_payments(const struct explained_split *split, bool chinese, struct buffer *out)
{
    for (size_t i = 0; i < split->payments; i++) {
        const struct explained_payment *one = &split->payment[i];
        const char *payer = chinese ? one->payer_zh : one->payer;
        const char *by = chinese ? one->by_zh : one->by;
        char amount[MONEY_TEXT_SIZE];
        money_format(one->amount, amount);
        if (one->payer != one->by) {
            buffer_printf(out, _("%s hands over %s for %s"), by, amount, payer);
        } else if (one->within >= 0) {
            buffer_printf(out, _("%s hands over %s"), by, amount);
        } else {
            continue;
        }
        if (one->within >= 0) {
            buffer_printf(out, _(", within %lld days of acceptance"), (long long)one->within);
        }
        if (one->refund_within >= 0) {
            buffer_printf(out, _(", given back within %lld days"), (long long)one->refund_within);
        }
        buffer_add_byte(out, '\n');
    }
}

static void tell_split(const struct explained_split *split, enum explanation_depth depth,
                       bool chinese, struct buffer *out)
{
    char amount[MONEY_TEXT_SIZE];
    char on[DATE_TEXT_SIZE];

    buffer_printf(out,
                  split->kind == SPLIT_LOSS ? _("Loss of %s, shared by the rules of %s\n")
                                            : _("Recovery of %s, shared by the rules of %s\n"),
                  money_format(split->amount, amount), date_format(split->on, on));
    for (size_t i = 0; depth != EXPLAIN_RESULT && i < split->steps; i++) {
        tell_step(&split->step[i], chinese, out);
    }
    const char *clause = clause_text(split->clause, chinese);
    if (depth == EXPLAIN_CLAUSES && clause != NULL) {
        buffer_printf(out, "    %s: %s\n", _("clause"), clause);
    }
    tell_shares(split, chinese, out);
    tell_payments(split, chinese, out);
    if (depth == EXPLAIN_CLAUSES) {
        tell_version(split->policy_name, &split->policy, out);
    }
    tell_again(split->agrees, out);
}

static void tell_overrides(const struct explanation *explanation, bool chinese, struct buffer *out)
{
    for (size_t i = 0; i < explanation->overrides; i++) {
        const struct loan_override *override = &explanation->override[i];
        buffer_printf(out, _("\nRests on exception %lld from %s (%s), proposed by %s: %s\n"),
                      (long long) override->id, override->condition,
                      decision_point_tell(override->point, chinese), override->actor,
                      override->reason);
    }
}

static void tell_referrals(const struct explanation *explanation, bool chinese, struct buffer *out)
{
    for (size_t i = 0; i < explanation->referrals; i++) {
        const struct loan_referral *referral = &explanation->referral[i];
        buffer_printf(out, _("\nReferred by %s (%s), decided in event %llu by %s: %s\n"),
                      referral->condition, decision_point_tell(referral->point, chinese),
                      (unsigned long long)referral->seq, referral->actor, referral->reason);
    }
}

static void tell(const struct explanation *explanation, enum explanation_depth depth, bool chinese,
                 struct buffer *out)
{
    char day[DATE_TEXT_SIZE];

    buffer_printf(out, _("Event %llu: %s (%s) on %s by %s\n"), (unsigned long long)explanation->seq,
                  event_title(explanation->type), explanation->type,
                  date_format(explanation->day, day), explanation->actor);
    for (size_t i = 0; i < explanation->decisions; i++) {
        tell_decision(&explanation->decision[i], depth, chinese, out);
    }
    if (explanation->more > 0) {
        buffer_printf(out,
                      _("\nThe event holds %llu decisions more; `yicang explain L1` shows those "
                        "on one loan.\n"),
                      (unsigned long long)explanation->more);
    }
    if (explanation->split.kind != SPLIT_NONE) {
        buffer_add_byte(out, '\n');
        tell_split(&explanation->split, depth, chinese, out);
    }
    tell_overrides(explanation, chinese, out);
    tell_referrals(explanation, chinese, out);
}

/* --- which events ----------------------------------------------------------------------------- */

struct chosen {
    uint64_t *seq;
    size_t count;
    bool one;     /* named by its number: then it must have something to explain */
    int64_t loan; /* of bulk work only what was decided on this one; 0: everything */
};

static bool choose_loan(struct office *office, int64_t id, struct chosen *ret, struct error *err)
{
    struct loan loan;

    ret->loan = id;
    return loan_load(office->store, &office->arena, id, &loan, err) &&
           loan_events(office->store, id, &office->arena, &ret->seq, &ret->count, err);
}

static bool choose_claim(struct office *office, int64_t id, struct chosen *ret, struct error *err)
{
    struct claim claim;

    return claim_load(office->store, &office->arena, id, &claim, err) &&
           claim_events(office->store, id, &office->arena, &ret->seq, &ret->count, err);
}

static bool choose(struct office *office, const char *text, struct chosen *ret, struct error *err)
{
    char letter = text[0] == 'L' || text[0] == 'C' ? text[0] : '\0';
    int64_t number = 0;
    struct error cause = {0};

    *ret = (struct chosen){0};
    if (!text_parse_int(letter == '\0' ? text : text + 1, 0, OPTION_INT_MAX, &number, &cause)) {
        error_set(err, FAULT_USAGE, "usage.reference", _("--%s: “%s” is not a number of that kind"),
                  "event", text);
        return error_next(err, _("an event such as 12, a loan such as L1 or a claim such as C1"));
    }
    if (letter != '\0') {
        return letter == 'L' ? choose_loan(office, number, ret, err)
                             : choose_claim(office, number, ret, err);
    }
    ret->one = true;
    ret->count = 1;
    ret->seq = arena_alloc_array(&office->arena, 1, sizeof *ret->seq);
    ret->seq[0] = (uint64_t)number;
    return true;
}

static bool has_something(const struct explanation *explanation)
{
    return explanation->decisions > 0 || explanation->split.kind != SPLIT_NONE;
}

/* --- the command ------------------------------------------------------------------------------ */

struct telling {
    enum explanation_depth depth;
    bool chinese;
    bool any;
    struct buffer text;
    struct explain_tables tables;
};

static bool explain_one(struct office *office, const struct chosen *chosen, uint64_t seq,
                        struct telling *to, struct error *err)
{
    struct explanation explanation;

    if (!explain_event(office, seq, chosen->loan, &explanation, err)) {
        return false;
    }
    if (!has_something(&explanation)) {
        if (!chosen->one) {
            return true;
        }
        error_set(err, FAULT_REFUSED, "event.no-decision",
                  _("event %llu (%s) holds no decision of a policy"), (unsigned long long)seq,
                  event_title(explanation.type));
        return error_next(err, _("`yicang explain L1` finds the events that decided on a loan"));
    }
    if (to->any) {
        buffer_add_byte(&to->text, '\n');
    }
    to->any = true;
    tell(&explanation, to->depth, to->chinese, &to->text);
    explain_tables_add(&to->tables, &explanation);
    return true;
}

static bool explain_all(const struct invocation *invocation, struct office *office,
                        struct telling *to, struct error *err)
{
    struct chosen chosen;

    if (!choose(office, invocation_value(invocation, "event")->text, &chosen, err)) {
        return false;
    }
    for (size_t i = 0; i < chosen.count; i++) {
        if (!explain_one(office, &chosen, chosen.seq[i], to, err)) {
            return false;
        }
    }
    return true;
}

static bool run_explain(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct result result;
    struct telling to = {.depth = depth_of(invocation), .chinese = invocation->globals->chinese};

    if (!desk_open(invocation, &office, err)) {
        return false;
    }
    buffer_init(&to.text, OUTPUT_TEXT_MAX);
    explain_tables_init(&to.tables, invocation->arena, to.depth);
    result_init(&result, invocation->arena);
    bool ok = explain_all(invocation, &office, &to, err);
    if (ok && invocation->globals->format == FORMAT_JSON) {
        explain_tables_show(&to.tables, &result);
        ok = output_result(invocation, &result, err);
    } else if (ok) {
        ok = output_text(invocation, to.text.data, to.text.length, err);
    }
    buffer_release(&to.text);
    return ok && office_close(&office, err);
}

const struct command explain_commands[] = {
    {.verb = "explain",
     .run = run_explain,
     .needs = NEEDS_BOOK,
     .summary = N_("show why a loan, a payout or a claim was decided as it was"),
     .option = explain_options,
     .options = COUNT_OF(explain_options),
     .example = "yicang explain L1 --depth clauses"},
    {.verb = NULL},
};
