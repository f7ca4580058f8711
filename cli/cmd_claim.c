#include "cli/acting.h"
#include "cli/commands.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/base/text.h"
#include "ledger/fund/claim.h"
#include "reports/lists.h"

static const struct option open_options[] = {
    {"loan", OPTION_REFERENCE, true, "LOAN", N_("number of the loan"), true},
};
static const struct option accept_options[] = {
    {"claim", OPTION_REFERENCE, true, "CLAIM", N_("number of the claim"), true},
    {"reason", OPTION_TEXT, false, "TEXT", N_("why, where the policy refers it to a person"),
     false},
};
static const struct option refuse_options[] = {
    {"claim", OPTION_REFERENCE, true, "CLAIM", N_("number of the claim"), true},
    {"reason", OPTION_TEXT, true, "TEXT", N_("why it is refused"), false},
};
static const struct option pay_options[] = {
    {"claim", OPTION_REFERENCE, true, "CLAIM", N_("number of the claim"), true},
    {"payer", OPTION_CHOICE, true, "insurer|fund", N_("who pays"), false},
    {"amount", OPTION_MONEY, true, "YUAN", N_("the amount, in full"), false},
};

/* An acceptance names the filing it has seen. */
static bool run_accept(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct claim claim;
    struct event event;
    struct sha256 leaf;

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
     .verb = "accept",
     .run = run_accept,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("accept a claim that another person filed"),
     .option = accept_options,
     .options = COUNT_OF(accept_options),
     .example = "yicang claim accept C1 --as sun.bureau"},
    {.noun = "claim",
     .verb = "refuse",
     .run = desk_run_event,
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
     .summary = N_("record the payment of insurer or fund"),
     .option = pay_options,
     .options = COUNT_OF(pay_options),
     .event = "claim.pay",
     .example = "yicang claim pay C1 --payer insurer --amount 35000 --as wang.li"},
    {.noun = "claim",
     .verb = "list",
     .run = run_list,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("list claims"),
     .example = "yicang claim list"},
    {.verb = NULL},
};
