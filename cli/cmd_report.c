#include "cli/acting.h"
#include "cli/commands.h"
#include "ledger/base/text.h"
#include "reports/lists.h"

static bool run_trial_balance(const struct invocation *invocation, struct error *err)
{
    return desk_list(invocation, list_trial_balance, err);
}

const struct command report_commands[] = {
    {.noun = "report",
     .verb = "trial-balance",
     .run = run_trial_balance,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("turnover and balance of every account of the three books"),
     .example = "yicang report trial-balance --format html --out trial-balance.html"},
    {.verb = NULL},
};
