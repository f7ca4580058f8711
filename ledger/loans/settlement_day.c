#include "ledger/loans/schedule.h"

/* Interest is settled in the last month of each quarter (domain.md 3.2). */
struct date next_settlement_day(struct date from, int settle_day)
{
    struct ymd at = date_to_ymd(from);
    struct date day = from;

    at.month = (at.month + 2) / 3 * 3;
    at.day = settle_day;
    if (!date_from_ymd(at, &day)) {
        return date_from_day(DATE_DAY_MAX);
    }
    if (date_compare(day, from) < 0) {
        day = date_add_months(day, 3, MONTH_END_LAST);
    }
    return day;
}
