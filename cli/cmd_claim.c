#include "cli/acting.h"
#include "cli/commands.h"
#include "cli/input_file.h"
#include "cli/service/approval_desk.h"
#include "cli/service/claim_loss.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/base/text.h"
#include "ledger/fund/claim.h"
#include "ledger/loans/household.h"
#include "ledger/loans/loan.h"
#include "reports/details.h"
#include "reports/lists.h"
#include "reports/words.h"
#include "rules/waterfall.h"

static const struct option open_options[] = {
    {"loan", OPTION_REFERENCE, true, "LOAN", N_("number of the loan"), true},
};
#define APPROVAL_HELP N_("what a bureau officer signed elsewhere with `approval sign`; record it")
static const struct option accept_options[] = {
    {"claim", OPTION_REFERENCE, true, "CLAIM", N_("number of the claim"), true},
    {"reason", OPTION_TEXT, false, "TEXT", N_("why, where the policy refers it to a person"),
     false},
    {"approval", OPTION_FILE, false, "FILE", APPROVAL_HELP, false},
};
static const struct option refuse_options[] = {
    {"claim", OPTION_REFERENCE, true, "CLAIM", N_("number of the claim"), true},
    {"reason", OPTION_TEXT, false, "TEXT", N_("why it is refused"), false},
    {"approval", OPTION_FILE, false, "FILE", APPROVAL_HELP, false},
};
static const struct option claim_options[] = {
    {"claim", OPTION_REFERENCE, true, "CLAIM", N_("number of the claim"), true},
};
static const struct option pay_options[] = {
    {"claim", OPTION_REFERENCE, true, "CLAIM", N_("number of the claim"), true},
    {"payer", OPTION_TEXT, true, "PAYER",
     N_("who pays, as the policy names it: insurer, fund, or a payer of its own"), false},
    {"amount", OPTION_MONEY, true, "YUAN",
     N_("the amount, in full: the part, or the next instalment of it"), false},
};

/* What was decided elsewhere is recorded as it was signed: nobody adds to it. */
static bool record_approval(const struct invocation *invocation, const char *type,
                            struct error *err)
{
    AUTO_OFFICE office = {0};
    struct canon *request = NULL;
    AUTO_BUFFER note;

    buffer_init(&note, APPROVAL_MAX);
    if (invocation_value(invocation, "reason")->given) {
        return error_set(err, FAULT_USAGE, "approval.reason",
                         _("the reason stands in the approval"));
    }
    return input_file_read(invocation_value(invocation, "approval")->text, &note, err) &&
           desk_open(invocation, &office, err) &&
           approval_request(&office, invocation_value(invocation, "claim")->number, &note, &request,
                            err) &&
           desk_act(invocation, &office, type, request, err);
}

static bool run_request(const struct invocation *invocation, struct error *err)
{
    uint64_t size = 0;
    AUTO_OFFICE office = {0};
    AUTO_BUFFER receipt;

    buffer_init(&receipt, RECEIPT_MAX);
    if (!desk_open(invocation, &office, err) ||
        !proposal_make(&office, invocation_value(invocation, "claim")->number, &receipt, &size,
                       err) ||
        !output_text(invocation, receipt.data, receipt.length, err)) {
        return false;
    }
    output_note(_("for a bureau officer, who decides with `yicang approval sign` and the trust "
                  "card; the log had %llu events"),
                (unsigned long long)size);
    return true;
}

static bool run_refuse(const struct invocation *invocation, struct error *err)
{
    if (invocation_value(invocation, "approval")->given) {
        return record_approval(invocation, "claim.record-refusal", err);
    }
    if (!invocation_value(invocation, "reason")->given) {
        return error_set(err, FAULT_USAGE, "usage.option-missing", _("--%s is missing"), "reason");
    }
    return desk_run_event(invocation, err);
}

/* An acceptance names the filing it has seen. */
static bool run_accept(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct claim claim;
    struct event event;
    struct sha256 leaf;

    if (invocation_value(invocation, "approval")->given) {
        return record_approval(invocation, "claim.record-acceptance", err);
    }
    if (!desk_open(invocation, &office, err) ||
        !claim_load(office.store, &office.arena, invocation_value(invocation, "claim")->number,
                    &claim, err) ||
        !event_load(office.store, &office.arena, office.facts.origin, claim.seq, &event, &leaf,
                    err)) {
        return false;
    }
    struct canon *request = desk_request(invocation, &office.arena);
    canon_set_int(request, "of_seq", (int64_t)claim.seq);
    canon_set_sha256(request, "of_leaf", &leaf);
    return desk_act(invocation, &office, "claim.accept", request, err);
}

static const struct column rule_columns[] = {
    {"rule", N_("rule"), "规则", CELL_WORD, false},
    {"value", N_("value"), "取值", CELL_TEXT, false},
    {"clause", N_("clause"), "依据", CELL_TEXT, false},
};

static void add_rule(struct table *table, struct word rule, struct word value, struct clause clause)
{
    struct word *words = arena_alloc_array(table->arena, 3, sizeof *words);
    struct cell *cell = table_add_row(table);

    words[0] = rule;
    words[1] = value;
    cell[0] = (struct cell){.kind = CELL_WORD, .word = &words[0]};
    cell[1] = (struct cell){.kind = CELL_WORD, .word = &words[1]};
    if (clause.en != NULL) {
        words[2] = (struct word){clause.en, clause.en, clause.zh};
        cell[2] = (struct cell){.kind = CELL_WORD, .word = &words[2]};
    }
}

/* The row that was in force: rows ascend by day. */
static void add_parameter(const struct claim_rule *days, struct word rule, struct table *table)
{
    const struct policy *policy = days->policy;

    for (size_t i = policy_rows(policy, PARAMETER_CLAIM_AFTER_DAYS); i > 0; i--) {
        struct parameter_row row = policy_row(policy, PARAMETER_CLAIM_AFTER_DAYS, i - 1);
        if (date_compare(row.from, days->on) <= 0) {
            char *told = value_tell(row.parsed, true, arena_alloc(table->arena, VALUE_TEXT_SIZE));
            add_rule(table, rule, (struct word){row.value, row.value, told}, row.clause);
            return;
        }
    }
}

/* What the policy said about the claim, and on which ground. */
static void rules_table(const struct claim_rules *by, const struct claim *claim,
                        struct arena *arena, struct table *ret)
{
    static const struct clause no_clause; /* it stands in the first line */
    const struct claim_rule *loss = &by->loss;
    const struct claim_rule *recovery = &by->recovery;
    static const struct word rules[] = {
        {"claim_after_days", "days overdue from which a claim may be filed",
         "可申请补偿的逾期天数"},
        {"loss", "split of the loss", "损失分担"},
        {"recovery", "split of recoveries", "追偿所得分配"},
    };

    table_init(ret, arena, "rules", rule_columns, COUNT_OF(rule_columns), claim->filed_on);
    ret->title_en = "Rules applied";
    ret->title_zh = "适用规则";
    add_parameter(&by->after_days, rules[0], ret);
    for (size_t i = 0; i < policy_loss_steps(loss->policy, loss->on); i++) {
        const char *en = policy_loss_step(loss->policy, loss->on, i, false);
        const char *zh = policy_loss_step(loss->policy, loss->on, i, true);
        add_rule(ret, rules[1], (struct word){en, en, zh},
                 i == 0 ? policy_loss_clause(loss->policy, loss->on) : no_clause);
    }
    for (size_t i = 0; i < policy_recovery_steps(recovery->policy, recovery->on); i++) {
        const char *en = policy_recovery_step(recovery->policy, recovery->on, i, false);
        const char *zh = policy_recovery_step(recovery->policy, recovery->on, i, true);
        add_rule(ret, rules[2], (struct word){en, en, zh},
                 i == 0 ? policy_recovery_clause(recovery->policy, recovery->on) : no_clause);
    }
}

/* The one among the decisions of an event that was about the claim; NULL if there is none. */
static const struct canon *claim_decision(const struct event *event)
{
    const struct canon *decisions = canon_get(event->body, "decision");

    for (size_t i = 0; decisions != NULL && i < canon_count(decisions); i++) {
        const struct canon *decision = canon_at(decisions, i);
        const char *point = canon_get_text(decision, "point");
        if (point != NULL && text_equal(point, "claim")) {
            return decision;
        }
    }
    return NULL;
}

/* The decision as the event of the filing holds it. */
static bool show_decision(struct office *office, const struct claim *claim,
                          const struct policy *policy, struct result *result, struct error *err)
{
    struct event event;
    struct sha256 leaf;
    char hex[SHA256_HEX_SIZE];

    if (!event_load(office->store, &office->arena, office->facts.origin, claim->seq, &event, &leaf,
                    err)) {
        return false;
    }
    const struct canon *decision = claim_decision(&event);
    result_int(result, "event", _("event of the filing"), (int64_t)claim->seq);
    if (decision != NULL) {
        result_word(result, "outcome", _("decision of the policy"), word_of_outcome,
                    canon_get_text(decision, "outcome"));
    }
    result_text(result, "policy_name", _("policy"), policy_name(policy));
    result_text(result, "policy", _("digest of the policy"),
                hex_format(claim->policy.byte, sizeof claim->policy.byte, hex));
    return true;
}

/* Why a claim was refused, and by whom: the last event of its history says so. */
static bool show_refusal(struct office *office, const struct claim *claim,
                         const struct table *history, struct result *result, struct error *err)
{
    struct event event;
    struct sha256 leaf;

    if (!text_equal(claim->status, "refused") || history->rows == 0) {
        return true;
    }
    const struct cell *last = table_row(history, history->rows - 1);
    if (!event_load(office->store, &office->arena, office->facts.origin, (uint64_t)last[2].number,
                    &event, &leaf, err)) {
        return false;
    }
    const struct canon *in = canon_get(event.body, "in");
    result_text(result, "refused_by", _("refused by"),
                decided_by(canon_get(event.body, "out"), event.actor));
    result_text(result, "reason", _("reason"), in == NULL ? NULL : canon_get_text(in, "reason"));
    return true;
}

static bool show_claim(struct office *office, const struct claim *claim, struct result *result,
                       struct error *err)
{
    struct loan loan;
    int64_t household = 0;
    const char *subject = NULL;
    const char *name = NULL;

    if (!loan_load(office->store, &office->arena, claim->loan, &loan, err) ||
        !person_load(office->store, &office->arena, loan.borrower, &household, &subject, err) ||
        !office_personal(office, subject, FIELD_NAME, false, &name, err)) {
        return false;
    }
    result_int(result, "claim", _("claim"), claim->id);
    result_word(result, "status", _("status"), word_of_claim_status, claim->status);
    result_int(result, "loan", _("loan"), claim->loan);
    result_int(result, "household", _("household"), household);
    result_text(result, "borrower", _("borrower"), name);
    result_date(result, "filed_on", _("filed on"), claim->filed_on);
    result_text(result, "filed_by", _("filed by"), claim->actor);
    result_int(result, "days_overdue", _("days overdue"), claim->days_overdue);
    result_money(result, "loss", _("loss"), claim->loss);
    result_money(result, "loss_interest", _("of it interest"), claim->interest);
    return true;
}

static bool run_show(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct arena *arena = invocation->arena;
    struct claim claim;
    struct result result;
    struct table table[10];
    struct claim_rules rules;
    struct loan loan;
    int64_t id = invocation_value(invocation, "claim")->number;

    result_init(&result, arena);
    if (!desk_open(invocation, &office, err) ||
        !claim_load(office.store, &office.arena, id, &claim, err) ||
        !loan_load(office.store, &office.arena, claim.loan, &loan, err) ||
        !claim_rules_find(office.policies, office.store, &loan, claim.filed_on, &rules, err) ||
        !show_claim(&office, &claim, &result, err) ||
        !show_decision(&office, &claim, rules.loss.policy, &result, err) ||
        !claim_shares(office.store, id, office.day, arena, &table[0], err) ||
        !claim_history(office.store, id, office.day, arena, &table[1], err) ||
        !claim_recoveries(office.store, id, office.day, arena, &table[2], err) ||
        !claim_overrides(office.store, id, office.day, arena, &table[4], err) ||
        !claim_payments(office.store, id, office.day, arena, &table[5], err) ||
        !claim_referrals(office.store, id, office.day, arena, &table[6], err) ||
        !loan_duns(office.store, loan.id, office.day, arena, &table[7], err) ||
        !loan_inspections(office.store, loan.id, office.day, arena, &table[8], err) ||
        !claim_approvals(office.store, id, office.day, arena, &table[9], err) ||
        !show_refusal(&office, &claim, &table[1], &result, err)) {
        return false;
    }
    rules_table(&rules, &claim, arena, &table[3]);
    result_table(&result, "shares", &table[0]);
    result_table(&result, "payments", &table[5]);
    result_table(&result, "history", &table[1]);
    result_table(&result, "approvals", &table[9]);
    result_table(&result, "recoveries", &table[2]);
    result_table(&result, "rules", &table[3]);
    result_table(&result, "overrides", &table[4]);
    result_table(&result, "referrals", &table[6]);
    result_table(&result, "notices", &table[7]);
    result_table(&result, "inspections", &table[8]);
    return output_result(invocation, &result, err) && office_close(&office, err);
}

static bool run_candidates(const struct invocation *invocation, struct error *err)
{
    return desk_list(invocation, list_candidates, err);
}

static bool run_list(const struct invocation *invocation, struct error *err)
{
    return desk_list(invocation, list_claims, err);
}

const struct command claim_commands[] = {
    {.noun = "claim",
     .verb = "candidates",
     .run = run_candidates,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("list loans overdue long enough for a claim"),
     .example = "yicang claim candidates"},
    {.noun = "claim",
     .verb = "open",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("file a claim on insurer and fund for a loan"),
     .option = open_options,
     .options = COUNT_OF(open_options),
     .event = "claim.open",
     .example = "yicang claim open L1 --as zhou.risk"},
    {.noun = "claim",
     .verb = "request",
     .run = run_request,
     .needs = NEEDS_BOOK | NEEDS_WHOLE,
     .summary = N_("write what a bureau officer needs to decide on another machine"),
     .option = claim_options,
     .options = COUNT_OF(claim_options),
     .example = "yicang claim request C1 --out request"},
    {.noun = "claim",
     .verb = "accept",
     .run = run_accept,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("accept a claim that another person filed"),
     .option = accept_options,
     .options = COUNT_OF(accept_options),
     .example = "yicang claim accept C1 --as sun.bureau"},
    {.noun = "claim",
     .verb = "refuse",
     .run = run_refuse,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("refuse a claim and give the loan back"),
     .option = refuse_options,
     .options = COUNT_OF(refuse_options),
     .event = "claim.refuse",
     .example = "yicang claim refuse C1 --reason 'papers missing' --as sun.bureau"},
    {.noun = "claim",
     .verb = "pay",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("record what insurer or fund pays, or gives back for an advance"),
     .option = pay_options,
     .options = COUNT_OF(pay_options),
     .event = "claim.pay",
     .example = "yicang claim pay C1 --payer insurer --amount 35000 --as wang.li"},
    {.noun = "claim",
     .verb = "show",
     .run = run_show,
     .needs = NEEDS_BOOK,
     .summary = N_("show a claim: who bears what, what is paid and recovered, and the rules"),
     .option = claim_options,
     .options = COUNT_OF(claim_options),
     .example = "yicang claim show C1"},
    {.noun = "claim",
     .verb = "list",
     .run = run_list,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("list claims"),
     .example = "yicang claim list"},
    {.verb = NULL},
};
