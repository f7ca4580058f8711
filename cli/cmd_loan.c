#include "cli/acting.h"
#include "cli/commands.h"
#include "cli/schedule_table.h"
#include "cli/service/classification.h"
#include "cli/service/loan_view.h"
#include "cli/sum_table.h"
#include "ledger/base/text.h"
#include "ledger/loans/loan_reversal.h"
#include "reports/details.h"
#include "reports/lists.h"

static const struct option apply_options[] = {
    {"household", OPTION_REFERENCE, true, "HOUSEHOLD", N_("number of the household"), false},
    {"borrower", OPTION_INT, false, "PERSON", N_("number of the borrower; else the head"), false},
    {"product", OPTION_CHOICE, false, "household|micro-entrepreneur", N_("the product"), false},
    {"purpose", OPTION_TEXT, true, "WORD", N_("what the money is for, e.g. breeding"), false},
    {"amount", OPTION_MONEY, true, "YUAN", N_("the amount applied for"), false},
    {"term-months", OPTION_INT, true, "MONTHS", N_("the term in months"), false},
    {"rate", OPTION_RATE, true, "PERCENT", N_("the rate a year"), false},
};
static const struct option approve_options[] = {
    {"loan", OPTION_REFERENCE, true, "LOAN", N_("number of the loan"), true},
    {"amount", OPTION_MONEY, false, "YUAN", N_("the amount; else what was applied for"), false},
    {"reason", OPTION_TEXT, false, "TEXT", N_("why, where the policy refers it to a person"),
     false},
};
static const struct option refuse_options[] = {
    {"loan", OPTION_REFERENCE, true, "LOAN", N_("number of the loan"), true},
    {"reason", OPTION_TEXT, true, "TEXT", N_("why it is refused"), false},
};
static const struct option override_options[] = {
    {"loan", OPTION_REFERENCE, true, "LOAN", N_("number of the loan"), true},
    {"point", OPTION_CHOICE, true, "eligibility|lending|disbursement|claim",
     N_("the decision in which the condition stands"), false},
    {"condition", OPTION_TEXT, true, "ID", N_("the condition, as the policy calls it"), false},
    {"reason", OPTION_TEXT, true, "TEXT", N_("why there should be an exception"), false},
};
static const struct option disburse_options[] = {
    {"loan", OPTION_REFERENCE, true, "LOAN", N_("number of the loan"), true},
    {"amount", OPTION_MONEY, false, "YUAN", N_("the amount; else what was approved"), false},
    {"reason", OPTION_TEXT, false, "TEXT", N_("why, where the policy refers it to a person"),
     false},
};
static const struct option repay_options[] = {
    {"loan", OPTION_REFERENCE, true, "LOAN", N_("number of the loan"), true},
    {"amount", OPTION_MONEY, true, "YUAN", N_("what was paid"), false},
    {"value-date", OPTION_DATE, false, "YYYY-MM-DD", N_("day of the payment, if earlier"), false},
};
static const struct option dun_options[] = {
    {"loan", OPTION_REFERENCE, true, "LOAN", N_("number of the loan"), true},
    {"number", OPTION_TEXT, true, "NUMBER", N_("number of the notice, as on the paper"), false},
    {"delivery", OPTION_CHOICE, true, "in-person|left|post|phone|message|public-notice",
     N_("how it came to the borrower"), false},
    {"on", OPTION_DATE, false, "YYYY-MM-DD", N_("day of the notice; else the open day"), false},
};
static const struct option inspect_options[] = {
    {"loan", OPTION_REFERENCE, true, "LOAN", N_("number of the loan"), true},
    {"finding", OPTION_CHOICE, true, "as-applied|otherwise",
     N_("what the money was found to be used for"), false},
    {"note", OPTION_TEXT, false, "TEXT", N_("what was seen; no names, no numbers of persons"),
     false},
    {"on", OPTION_DATE, false, "YYYY-MM-DD", N_("day of the inspection; else the open day"), false},
};
static const struct option reverse_options[] = {
    {"event", OPTION_INT, true, "EVENT", N_("number of the event of the payment or the payout"),
     true},
    {"reason", OPTION_TEXT, true, "TEXT", N_("what was wrong with it"), false},
};
static const struct option approve_reversal_options[] = {
    {"event", OPTION_INT, true, "EVENT", N_("number of the event that proposes it"), true},
};
static const struct option refuse_reversal_options[] = {
    {"event", OPTION_INT, true, "EVENT", N_("number of the event that proposes it"), true},
    {"reason", OPTION_TEXT, true, "TEXT", N_("why it is refused"), false},
};
static const struct option one_loan[] = {
    {"loan", OPTION_REFERENCE, true, "LOAN", N_("number of the loan"), true},
};

static const struct option statement_options[] = {
    {"loan", OPTION_REFERENCE, true, "LOAN", N_("number of the loan"), true},
    {"as-of", OPTION_DATE, false, "YYYY-MM-DD", N_("as the book stood at the close of this day"),
     false},
};

static const struct option payoff_options[] = {
    {"loan", OPTION_REFERENCE, true, "LOAN", N_("number of the loan"), true},
    {"on", OPTION_DATE, false, "YYYY-MM-DD", N_("day of the payment; else the open day"), false},
};
static const struct option receipt_options[] = {
    {"event", OPTION_INT, true, "EVENT", N_("number of the event, as the command printed it"),
     true},
    {"paper", OPTION_CHOICE, false, "a4|a5", N_("paper of the HTML page; else a5"), false},
};

static bool run_apply(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct canon *request = NULL;

    if (!desk_open(invocation, &office, err)) {
        return false;
    }
    request = desk_request(invocation, &office.arena);
    return loan_application_request(&office, request, err) &&
           desk_act(invocation, &office, "loan.apply", request, err);
}

static bool run_approve(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct canon *request = NULL;

    if (!desk_open(invocation, &office, err)) {
        return false;
    }
    request = desk_request(invocation, &office.arena);
    return loan_approval_request(&office, request, err) &&
           desk_act(invocation, &office, "loan.approve", request, err);
}

static bool run_disburse(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct canon *request = NULL;

    if (!desk_open(invocation, &office, err)) {
        return false;
    }
    request = desk_request(invocation, &office.arena);
    return loan_payout_request(&office, request, err) &&
           desk_act(invocation, &office, "loan.disburse", request, err);
}

/* By the close of the day before the open one, if that closed over the loan and keeps classes. */
static bool is_classed(struct office *office, const struct loan *loan, bool *ret, struct error *err)
{
    *ret = loan->is_paid_out && date_compare(loan->start, office->day) < 0;
    return !*ret || classes_are_kept(office->store, office->policies,
                                     date_add_days(office->day, -1), ret, err);
}

static bool run_reversal(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct canon *request = NULL;

    if (!desk_open(invocation, &office, err)) {
        return false;
    }
    request = desk_request(invocation, &office.arena);
    return loan_reversal_request(&office, &request, err) &&
           desk_act(invocation, &office, invocation->command->event, request, err);
}

static bool show_reversals(struct office *office, int64_t loan, struct result *result,
                           struct error *err)
{
    struct reversal_counts counts;

    if (!loan_reversal_counts(office->store, loan, &counts, err)) {
        return false;
    }
    if (counts.undone > 0) {
        result_int(result, "undone", _("postings undone"), counts.undone);
    }
    if (counts.pending != 0) {
        result_int(result, "reversal_proposed", _("reversal proposed in event"),
                   (int64_t)counts.pending);
    }
    return true;
}

static bool run_show(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct loan loan;
    struct result result;
    struct table duns;
    struct table inspections;
    bool kept = false;
    int64_t id = invocation_value(invocation, "loan")->number;

    if (!desk_open(invocation, &office, err) ||
        !loan_load(office.store, &office.arena, id, &loan, err) ||
        !is_classed(&office, &loan, &kept, err) ||
        !loan_duns(office.store, id, office.day, invocation->arena, &duns, err) ||
        !loan_inspections(office.store, id, office.day, invocation->arena, &inspections, err)) {
        return false;
    }
    result_init(&result, invocation->arena);
    result_int(&result, "loan", _("loan"), loan.id);
    result_int(&result, "household", _("household"), loan.household);
    result_word(&result, "product", _("product"), word_of_product, loan.product);
    result_word(&result, "purpose", _("purpose"), word_of_purpose, loan.purpose);
    result_word(&result, "status", _("status"), word_of_loan_status, loan.status);
    if (kept) {
        result_word(&result, "class", _("class"), word_of_loan_class, loan.class);
    }
    result_money(&result, "applied", _("applied for"), loan.applied);
    result_rate(&result, "rate", _("rate a year"), loan.rate);
    result_int(&result, "term_months", _("term in months"), loan.term_months);
    if (loan.is_approved) {
        result_money(&result, "approved", _("approved"), loan.approved);
    }
    if (loan.is_paid_out) {
        result_money(&result, "principal", _("paid out"), loan.principal);
        result_money(&result, "covered", _("covered principal"), loan.covered);
        result_date(&result, "start", _("start"), loan.start);
        result_date(&result, "due", _("due"), loan.due);
        result_money(&result, "unpaid", _("unpaid principal"), loan_unpaid(&loan));
        result_money(&result, "interest_due", _("interest due"), loan.interest_receivable);
        result_money(&result, "off_balance_interest", _("off-balance interest"),
                     loan.off_balance_interest);
    }
    if (loan.has_overdue_since) {
        result_date(&result, "overdue_since", _("overdue since"), loan.overdue_since);
        result_int(&result, "days_overdue", _("days overdue"),
                   date_days_between(loan.overdue_since, office.day));
    }
    if (loan.is_paid_out) {
        result_table(&result, "notices", &duns);
        result_table(&result, "inspections", &inspections);
    }
    return show_reversals(&office, loan.id, &result, err) &&
           output_result(invocation, &result, err) && office_close(&office, err);
}

static bool run_list(const struct invocation *invocation, struct error *err)
{
    return desk_list(invocation, list_loans, err);
}

static bool run_statement(const struct invocation *invocation, struct error *err)
{
    return desk_report(invocation, "borrower-statement", err);
}

static bool run_payoff(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct payoff payoff;
    struct table table;
    const struct option_value *on = invocation_value(invocation, "on");

    if (!desk_open(invocation, &office, err) ||
        !loan_payoff(&office, invocation_value(invocation, "loan")->number,
                     on->given ? on->date : office.day, &payoff, err)) {
        return false;
    }
    payoff_table(&payoff, invocation->arena, &table);
    return output_table(invocation, &table, err) && office_close(&office, err);
}

static bool run_receipt(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct receipt receipt;
    struct table table;
    const struct option_value *paper = invocation_value(invocation, "paper");
    bool on_a4 = paper->given && text_equal(paper->text, "a4");

    if (!desk_open(invocation, &office, err) ||
        !loan_receipt(&office, (uint64_t)invocation_value(invocation, "event")->number, &receipt,
                      err)) {
        return false;
    }
    receipt_table(&receipt, on_a4 ? PAGE_RECEIPT_A4 : PAGE_RECEIPT_A5, invocation->arena, &table);
    return output_table(invocation, &table, err) && office_close(&office, err);
}

static bool run_schedule(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct schedule schedule;
    struct table table;

    if (!desk_open(invocation, &office, err) ||
        !loan_schedule(&office, invocation_value(invocation, "loan")->number, &schedule, err)) {
        return false;
    }
    schedule_table(&schedule, invocation->arena, "loan-schedule", office.day, &table);
    table.title_en = "Repayment schedule";
    table.title_zh = "还款计划";
    return output_table(invocation, &table, err) && office_close(&office, err);
}

const struct command loan_commands[] = {
    {.noun = "loan",
     .verb = "apply",
     .run = run_apply,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("take an application"),
     .option = apply_options,
     .options = COUNT_OF(apply_options),
     .example = "yicang loan apply --household H1 --purpose breeding --amount 50000"
                " --term-months 12 --rate 4.35% --as wang.li"},
    {.noun = "loan",
     .verb = "approve",
     .run = run_approve,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("approve an application that another person took"),
     .option = approve_options,
     .options = COUNT_OF(approve_options),
     .example = "yicang loan approve L1 --as li.na"},
    {.noun = "loan",
     .verb = "refuse",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("refuse an application"),
     .option = refuse_options,
     .options = COUNT_OF(refuse_options),
     .event = "loan.refuse",
     .example = "yicang loan refuse L1 --reason 'no project' --as li.na"},
    {.noun = "loan",
     .verb = "override",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("propose an exception from a condition, on which another person may decide"),
     .option = override_options,
     .options = COUNT_OF(override_options),
     .event = "loan.override",
     .example = "yicang loan override L1 --point eligibility --condition over-household-limit"
                " --reason 'flood loss' --as zhao.min"},
    {.noun = "loan",
     .verb = "disburse",
     .run = run_disburse,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("pay out an approved loan"),
     .option = disburse_options,
     .options = COUNT_OF(disburse_options),
     .example = "yicang loan disburse L1 --as wang.li"},
    {.noun = "loan",
     .verb = "repay",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("take a payment of the borrower"),
     .option = repay_options,
     .options = COUNT_OF(repay_options),
     .event = "loan.repay",
     .example = "yicang loan repay L1 --amount 50000 --as wang.li"},
    {.noun = "loan",
     .verb = "dun",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("record a demand for payment of a loan in arrears"),
     .option = dun_options,
     .options = COUNT_OF(dun_options),
     .event = "loan.dun",
     .example = "yicang loan dun L1 --number 2017-11 --delivery in-person --as wang.li"},
    {.noun = "loan",
     .verb = "inspect",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("record whether the money is used as applied for"),
     .option = inspect_options,
     .options = COUNT_OF(inspect_options),
     .event = "loan.inspect",
     .example = "yicang loan inspect L1 --finding as-applied --note 'two calves' --as wang.li"},
    {.noun = "loan",
     .verb = "reverse",
     .run = run_reversal,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("propose to undo a payment or a payout that was booked by mistake"),
     .option = reverse_options,
     .options = COUNT_OF(reverse_options),
     .event = "loan.reverse",
     .example = "yicang loan reverse 383 --reason 'it was paid on L2' --as wang.li"},
    {.noun = "loan",
     .verb = "approve-reversal",
     .run = run_reversal,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("undo a payment or a payout, as another person proposed"),
     .option = approve_reversal_options,
     .options = COUNT_OF(approve_reversal_options),
     .event = "loan.approve-reversal",
     .example = "yicang loan approve-reversal 390 --as li.na"},
    {.noun = "loan",
     .verb = "refuse-reversal",
     .run = run_reversal,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("refuse to undo a payment or a payout"),
     .option = refuse_reversal_options,
     .options = COUNT_OF(refuse_reversal_options),
     .event = "loan.refuse-reversal",
     .example = "yicang loan refuse-reversal 390 --reason 'the slip says the same' --as li.na"},
    {.noun = "loan",
     .verb = "payoff",
     .run = run_payoff,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("show what must be paid to close a loan, and how it is computed"),
     .option = payoff_options,
     .options = COUNT_OF(payoff_options),
     .example = "yicang loan payoff L1 --on 2017-06-30"},
    {.noun = "loan",
     .verb = "receipt",
     .run = run_receipt,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("print the receipt of a payout, a payment or a reversal, as often as wanted"),
     .option = receipt_options,
     .options = COUNT_OF(receipt_options),
     .example = "yicang loan receipt 383 --format html --out receipt.html"},
    {.noun = "loan",
     .verb = "show",
     .run = run_show,
     .needs = NEEDS_BOOK,
     .summary = N_("show one loan"),
     .option = one_loan,
     .options = COUNT_OF(one_loan),
     .example = "yicang loan show L1"},
    {.noun = "loan",
     .verb = "list",
     .run = run_list,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("list all loans"),
     .example = "yicang loan list"},
    {.noun = "loan",
     .verb = "schedule",
     .run = run_schedule,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("show what falls due on a loan, and when"),
     .option = one_loan,
     .options = COUNT_OF(one_loan),
     .example = "yicang loan schedule L1"},
    {.noun = "loan",
     .verb = "statement",
     .run = run_statement,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("every movement of one loan and what is owed after it"),
     .option = statement_options,
     .options = COUNT_OF(statement_options),
     .example = "yicang loan statement L1 --format html --out L1.html"},
    {.verb = NULL},
};
