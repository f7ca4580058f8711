#include "ledger/base/date.h"

#include "ledger/base/decimal.h"
#include "ledger/base/text.h"

#include <string.h>

/* Years are counted from 1 March here, so that the leap day is the last day of its year; an era is
 * 400 years. */
#define DAYS_PER_ERA 146097
#define DAYS_TO_1970 719468 /* from 0000-03-01 to 1970-01-01 */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t day_number(int64_t year, int month, int day)
{
    const int64_t march_year = month > 2 ? year : year - 1;
    const int64_t era = floor_div(march_year, 400);
    const int64_t year_of_era = march_year - era * 400;
    const int64_t march_month = (month + 9) % 12;
    const int64_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
    const int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

struct ymd date_to_ymd(struct date date)
{
    const int64_t days = (int64_t)date.day + DAYS_TO_1970;
    const int64_t era = floor_div(days, DAYS_PER_ERA);
    const int64_t day_of_era = days - era * DAYS_PER_ERA;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t march_month = (5 * day_of_year + 2) / 153;
    const int month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    return (struct ymd){
        .year = (int)(year_of_era + era * 400 + (month <= 2)),
        .month = month,
        .day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1),
    };
}

bool date_is_leap_year(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int date_days_in_month(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && date_is_leap_year(year) ? 29 : days[month - 1];
}

static bool is_in_calendar(struct ymd ymd)
{
    return ymd.month >= 1 && ymd.month <= 12 && ymd.day >= 1 &&
           ymd.day <= date_days_in_month(ymd.year, ymd.month);
}

static bool is_in_range(struct ymd ymd)
{
    return ymd.year >= DATE_YEAR_MIN && ymd.year <= DATE_YEAR_MAX;
}

bool date_from_ymd(struct ymd ymd, struct date *ret)
{
    if (!is_in_range(ymd) || !is_in_calendar(ymd)) {
        return false;
    }
    *ret = date_from_day(day_number(ymd.year, ymd.month, ymd.day));
    return true;
}

static bool has_date_form(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    for (size_t i = 0; i < sizeof form - 1; i++) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == 'd' ? !digit : text[i] != form[i]) {
            return false;
        }
    }
    return text[sizeof form - 1] == '\0';
}

static int read_digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

static bool refuse_not_in_calendar(const char *text, struct ymd ymd, struct error *err)
{
    (void)error_set(err, FAULT_USAGE, "date.not-in-calendar",
                    _("there is no day %s in the calendar"), text);
    if (ymd.month < 1 || ymd.month > 12) {
        return error_limit(err, _("months are 01 to 12"));
    }
    return error_limit(err, _("the last day of that month is %04d-%02d-%02d"), ymd.year, ymd.month,
                       date_days_in_month(ymd.year, ymd.month));
}

bool date_parse(const char *text, struct date *ret, struct error *err)
{
    if (!has_date_form(text)) {
        (void)error_set(err, FAULT_USAGE, "date.format", _("“%s” is not a date"), text);
        return error_next(err, _("write year-month-day, such as 2016-10-20"));
    }
    const struct ymd ymd = {
        .year = read_digits(text, 4),
        .month = read_digits(text + 5, 2),
        .day = read_digits(text + 8, 2),
    };
    if (!is_in_calendar(ymd)) {
        return refuse_not_in_calendar(text, ymd, err);
    }
    if (!date_from_ymd(ymd, ret)) {
        (void)error_set(err, FAULT_USAGE, "date.range", _("the date %s is out of range"), text);
        return error_limit(err, _("dates from 1900-01-01 to 2199-12-31"));
    }
    return true;
}

int date_compare(struct date a, struct date b)
{
    return (a.day > b.day) - (a.day < b.day);
}

struct date date_min(struct date a, struct date b)
{
    return a.day < b.day ? a : b;
}

struct date date_max(struct date a, struct date b)
{
    return a.day > b.day ? a : b;
}

int32_t date_days_between(struct date from, struct date to)
{
    return (int32_t)((int64_t)to.day - from.day);
}

struct date date_add_days(struct date date, int32_t days)
{
    return date_from_day((int64_t)date.day + days);
}

struct date date_add_months(struct date date, int months, enum month_end rule)
{
    const struct ymd start = date_to_ymd(date);
    const int64_t month_number = (int64_t)start.year * 12 + start.month - 1 + months;
    const int64_t year = floor_div(month_number, 12);
    const int month = (int)(month_number - year * 12) + 1;
    const int last = date_days_in_month((int)year, month);
    int day = start.day;
    if (day > last) {
        day = rule == MONTH_END_LAST ? last : last + 1;
    }
    /* Day last + 1 of a month is the first of the next. */
    return date_from_day(day_number(year, month, day));
}

bool date_is_month_end(struct date date)
{
    const struct ymd ymd = date_to_ymd(date);
    return ymd.day == date_days_in_month(ymd.year, ymd.month);
}

int date_weekday(struct date date)
{
    /* Day 0, 1970-01-01, was a Thursday. */
    return (int)((((int64_t)date.day + 3) % 7 + 7) % 7);
}

char *date_format(struct date date, char buffer[static DATE_TEXT_SIZE])
{
    struct ymd ymd = date_to_ymd(date);
    /* Four digits cannot hold the year: a text that no reader takes for a day. */
    if (ymd.year < 0 || ymd.year > 9999) {
        ymd = (struct ymd){0};
    }
    char *at = decimal_write_digits(buffer, (uint64_t)ymd.year, 4);
    *at++ = '-';
    at = decimal_write_digits(at, (uint64_t)ymd.month, 2);
    *at++ = '-';
    at = decimal_write_digits(at, (uint64_t)ymd.day, 2);
    *at = '\0';
    return buffer;
}

static const char *const DIGIT_WORD[10] = {"零", "壹", "贰", "叁", "肆",
                                           "伍", "陆", "柒", "捌", "玖"};

static char *put(char *at, const char *word)
{
    const size_t length = strlen(word);
    memcpy(at, word, length + 1);
    return at + length;
}

/* 1 to 31; a leading 零 keeps anyone from writing a digit in front. */
static char *put_number(char *at, int number, bool zero_first)
{
    if (zero_first) {
        at = put(at, DIGIT_WORD[0]);
    }
    if (number >= 10) {
        at = put(put(at, DIGIT_WORD[number / 10]), "拾");
    }
    return number % 10 != 0 ? put(at, DIGIT_WORD[number % 10]) : at;
}

char *date_words(struct date date, char buffer[static DATE_WORDS_SIZE])
{
    const struct ymd ymd = date_to_ymd(date);
    char *at = buffer;
    for (int place = 1000; place > 0; place /= 10) {
        at = put(at, DIGIT_WORD[ymd.year / place % 10]);
    }
    at = put(at, "年");
    at = put(put_number(at, ymd.month, ymd.month <= 2 || ymd.month == 10), "月");
    put(put_number(at, ymd.day, ymd.day < 10 || ymd.day % 10 == 0), "日");
    return buffer;
}
