#include "cli/acting.h"
#include "cli/commands.h"
#include "ledger/base/text.h"
#include "reports/lists.h"

static const struct option amount_options[] = {
    {"amount", OPTION_MONEY, true, "YUAN", N_("the amount in yuan"), false},
};
static const struct option top_up_options[] = {
    {"year", OPTION_INT, true, "YEAR", N_("the year whose 31 December counts"), false},
};

static bool run_status(const struct invocation *invocation, struct error *err)
{
    return desk_list(invocation, list_fund_status, err);
}

const struct command fund_commands[] = {
    {.noun = "fund",
     .verb = "open",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("pay the first capital of the fund into its special account"),
     .option = amount_options,
     .options = COUNT_OF(amount_options),
     .event = "fund.open",
     .example = "yicang fund open --amount 1000000 --as sun.bureau"},
    {.noun = "fund",
     .verb = "deposit",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("pay further capital into the fund"),
     .option = amount_options,
     .options = COUNT_OF(amount_options),
     .event = "fund.deposit",
     .example = "yicang fund deposit --amount 200000 --as sun.bureau"},
    {.noun = "fund",
     .verb = "top-up",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("add the yearly share of the outstanding balance"),
     .option = top_up_options,
     .options = COUNT_OF(top_up_options),
     .event = "fund.top-up",
     .example = "yicang fund top-up --year 2016 --as sun.bureau"},
    {.noun = "fund",
     .verb = "interest",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("add the interest the bank pays on the special account"),
     .option = amount_options,
     .options = COUNT_OF(amount_options),
     .event = "fund.interest",
     .example = "yicang fund interest --amount 1234.56 --as wang.li"},
    {.noun = "fund",
     .verb = "status",
     .run = run_status,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("show what the fund has, owes, keeps reserved and has free"),
     .example = "yicang fund status"},
    {.verb = NULL},
};
