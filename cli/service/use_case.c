#include "cli/service/use_case.h"

#include "cli/service/control_plans.h"
#include "cli/service/fund_plans.h"
#include "cli/service/loan_plans.h"
#include "cli/service/witness_plans.h"
#include "ledger/base/text.h"

#define BY_BANK ((unsigned)ROLE_CLERK | (unsigned)ROLE_MANAGER)
#define BY_CHECKER ((unsigned)ROLE_APPROVER | (unsigned)ROLE_MANAGER)

static const struct use_case use_cases[] = {
    {.type = "book.genesis",
     .roles = ROLE_ADMIN,
     .control = true,
     .plan = plan_as_requested,
     .project = project_book_genesis},
    {.type = "key.add",
     .roles = ROLE_ADMIN,
     .control = true,
     .plan = plan_key_add,
     .project = project_key_add},
    {.type = "role.grant",
     .roles = ROLE_ADMIN,
     .control = true,
     .plan = plan_role_grant,
     .project = project_role_grant},
    {.type = "key.revoke",
     .roles = ROLE_ADMIN,
     .control = true,
     .plan = plan_key_revoke,
     .project = project_key_revoke},
    {.type = "policy.set",
     .roles = ROLE_ADMIN,
     .control = true,
     .plan = plan_policy_set,
     .project = project_policy_set},
    {.type = "key.rotate",
     .roles = BY_BANK,
     .control = true,
     .plan = plan_key_rotate,
     .project = project_key_rotate,
     .seal = SEAL_DAY_KEY},
    {.type = "witness.cosign",
     .roles = BY_BANK | (unsigned)ROLE_BUREAU_OFFICER,
     .plan = plan_witness_cosign,
     .project = project_witness_cosign},
    {.type = "day.close",
     .roles = BY_BANK,
     .seal = SEAL_DAY,
     .plan = plan_day_close,
     .finish = project_day_close,
     .project_row = project_day_close_row},
    {.type = "household.add",
     .roles = BY_BANK,
     .plan = plan_household_add,
     .project = project_household_add},
    {.type = "person.add",
     .roles = BY_BANK,
     .plan = plan_person_add,
     .project = project_person_add},
    {.type = "household.register",
     .roles = BY_BANK,
     .plan = plan_household_register,
     .project = project_household_register},
    {.type = "loan.apply",
     .roles = BY_BANK,
     .plan = plan_loan_apply,
     .project = project_loan_apply},
    {.type = "loan.approve",
     .roles = BY_CHECKER,
     .plan = plan_loan_approve,
     .project = project_loan_approve},
    {.type = "loan.refuse",
     .roles = BY_CHECKER,
     .plan = plan_loan_refuse,
     .project = project_loan_refuse},
    {.type = "loan.disburse",
     .roles = BY_BANK,
     .plan = plan_loan_disburse,
     .project = project_loan_disburse},
    {.type = "loan.repay",
     .roles = BY_BANK,
     .plan = plan_loan_repay,
     .project = project_loan_repay},
    {.type = "fund.open",
     .roles = ROLE_BUREAU_OFFICER,
     .plan = plan_fund_open,
     .project = project_fund_open},
    {.type = "fund.deposit",
     .roles = ROLE_BUREAU_OFFICER,
     .plan = plan_fund_deposit,
     .project = project_fund_deposit},
    {.type = "fund.top-up",
     .roles = ROLE_BUREAU_OFFICER,
     .plan = plan_fund_top_up,
     .project = project_fund_top_up},
    {.type = "fund.interest",
     .roles = BY_BANK,
     .plan = plan_fund_interest,
     .project = project_fund_interest},
    {.type = "claim.open",
     .roles = ROLE_RISK_OFFICER,
     .plan = plan_claim_open,
     .project = project_claim_open},
    {.type = "claim.accept",
     .roles = ROLE_BUREAU_OFFICER,
     .plan = plan_claim_accept,
     .project = project_claim_accept},
    {.type = "claim.refuse",
     .roles = ROLE_BUREAU_OFFICER,
     .plan = plan_claim_refuse,
     .project = project_claim_refuse},
    {.type = "claim.pay",
     .roles = BY_BANK | (unsigned)ROLE_BUREAU_OFFICER,
     .plan = plan_claim_pay,
     .project = project_claim_pay},
    {.type = "recovery.record",
     .roles = BY_BANK,
     .plan = plan_recovery_record,
     .project = project_recovery_record},
    {.type = "recovery.transfer",
     .roles = BY_BANK,
     .plan = plan_recovery_transfer,
     .project = project_recovery_transfer},
    {.type = "subsidy.claim",
     .roles = BY_BANK,
     .plan = plan_subsidy_claim,
     .project = project_subsidy_claim,
     .project_row = project_subsidy_claim_row},
    {.type = "subsidy.receive",
     .roles = BY_BANK,
     .plan = plan_subsidy_receive,
     .project = project_subsidy_receive},
    {.type = "premium.claim",
     .roles = BY_BANK,
     .plan = plan_premium_claim,
     .project = project_premium_claim,
     .project_row = project_premium_claim_row},
    {.type = "premium.receive",
     .roles = BY_BANK,
     .plan = plan_premium_receive,
     .project = project_premium_receive},
    {.type = "premium.pay",
     .roles = BY_BANK,
     .plan = plan_premium_pay,
     .project = project_premium_pay},
};

const struct use_case *use_case_find(const char *type)
{
    for (size_t i = 0; i < COUNT_OF(use_cases); i++) {
        if (text_equal(use_cases[i].type, type)) {
            return &use_cases[i];
        }
    }
    return NULL;
}

size_t use_case_count(void)
{
    return COUNT_OF(use_cases);
}

const struct use_case *use_case_at(size_t index)
{
    return &use_cases[index];
}
