#include "ledger/fund/limitation.h"

#include "ledger/loans/loan_reversal.h"

#define LIMITATION_MONTHS 36

static struct date runs_out(struct date begin)
{
    return date_add_months(begin, LIMITATION_MONTHS, MONTH_END_LAST);
}

bool loan_limitation(struct store *store, const struct loan *loan, struct date *ret,
                     struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT day FROM loan_dun WHERE loan_id = $1"
               " UNION SELECT r.day FROM repayment AS r WHERE r.loan_id = $1"
               " AND" REPAYMENT_STANDS " UNION SELECT r.day FROM recovery AS r JOIN claim AS c"
               " ON c.id = r.claim_id WHERE c.loan_id = $1 ORDER BY 1");

    *ret = runs_out(loan->due);
    bind_int(query, 1, loan->id);
    while (statement_row(query)) {
        struct date day = column_date(query, 0);
        if (date_compare(loan->due, day) < 0 && date_compare(day, *ret) <= 0) {
            *ret = runs_out(day);
        }
    }
    return statement_end(query, err);
}
