/* clock.h - the only place that knows what time it is. Layer: base. */
#ifndef YICANG_BASE_CLOCK_H
#define YICANG_BASE_CLOCK_H

#include "ledger/base/attributes.h"
#include "ledger/base/date.h"

#include <stdbool.h>
#include <stdint.h>

/* Seconds since 1970-01-01T00:00:00Z. */
struct instant {
    int64_t seconds;
};

struct instant clock_now(void);
/* Tests put a clock of their own; NULL restores the real one. */
void clock_replace(struct instant (*now)(void));

/* Milliseconds of a clock that never goes back; only differences mean something. */
int64_t clock_milliseconds(void);
/* As clock_replace(). */
void clock_replace_milliseconds(int64_t (*now)(void));

/* The calendar day in China (UTC+8, no daylight saving) at that instant. */
struct date clock_date_in_china(struct instant instant);

#define INSTANT_TEXT_SIZE 21
/* "2026-03-02T08:15:30Z". Returns buffer. */
char *instant_format(struct instant instant, char buffer[static INSTANT_TEXT_SIZE]);
MUST_CHECK bool instant_parse(const char *text, struct instant *ret);

#endif
