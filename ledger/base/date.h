/* date.h - calendar days as day numbers. Layer: base. Knows the calendar, not the clock. */
#ifndef YICANG_BASE_DATE_H
#define YICANG_BASE_DATE_H

#include "ledger/base/attributes.h"
#include "ledger/base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* Days since 1970-01-01 in the proleptic Gregorian calendar. */
struct date {
    int32_t day;
};

struct ymd {
    int year;  /* 1900 to 2199 */
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

#define DATE_YEAR_MIN 1900
#define DATE_YEAR_MAX 2199
#define DATE_DAY_MIN (-25567) /* 1900-01-01 */
#define DATE_DAY_MAX 84005    /* 2199-12-31 */

static inline struct date date_from_day(int64_t day)
{
    return (struct date){(int32_t)day};
}

/* Strict YYYY-MM-DD. Reason ids date.format, date.not-in-calendar (30 February), date.range. */
MUST_CHECK bool date_parse(const char *text, struct date *ret, struct error *err);
MUST_CHECK bool date_from_ymd(struct ymd ymd, struct date *ret);
struct ymd date_to_ymd(struct date date);

int date_compare(struct date a, struct date b); /* -1, 0, 1 */
struct date date_min(struct date a, struct date b);
struct date date_max(struct date a, struct date b);
int32_t date_days_between(struct date from, struct date to); /* to - from; may be negative */
struct date date_add_days(struct date date, int32_t days);

/* What becomes of a day number that the target month does not have. */
enum month_end {
    MONTH_END_LAST, /* 31 Jan + 1 month = 28 Feb */
    MONTH_END_NEXT, /* 31 Jan + 1 month = 1 Mar */
};
/* date + months, keeping the day number of `date`; so n months from one anchor never drift. */
struct date date_add_months(struct date date, int months, enum month_end rule);

bool date_is_leap_year(int year);
int date_days_in_month(int year, int month);
bool date_is_month_end(struct date date);
int date_weekday(struct date date); /* 0 = Monday ... 6 = Sunday */

#define DATE_TEXT_SIZE 11
/* "2016-10-20". Returns buffer. */
char *date_format(struct date date, char buffer[static DATE_TEXT_SIZE]);

#define DATE_WORDS_SIZE 64
/* The form for bills, e.g. 贰零壹陆年零壹拾月零贰拾日 (domain.md 8.1). Returns buffer. */
char *date_words(struct date date, char buffer[static DATE_WORDS_SIZE]);

#endif
