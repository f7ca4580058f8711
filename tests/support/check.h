/* check.h - what cmocka lacks for us: readable failures for money, dates and refusals.
 * Include this instead of cmocka.h. */
#ifndef YICANG_TESTS_SUPPORT_CHECK_H
#define YICANG_TESTS_SUPPORT_CHECK_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger/base/date.h"
#include "ledger/base/error.h"
#include "ledger/base/money.h"

/* Each reports the values in the form a person reads, with the caller's file and line. */
#define check_int_equal(got, want) check_int_equal_at((got), (want), __FILE__, __LINE__)
#define check_text_equal(got, want) check_text_equal_at((got), (want), __FILE__, __LINE__)
#define check_fen(got, want_fen) check_fen_at((got), (want_fen), __FILE__, __LINE__)
#define check_date(got, want_text) check_date_at((got), (want_text), __FILE__, __LINE__)
/* The call succeeded; prints the error's reason and text if not. */
#define check_ok(call, err) check_ok_at((call), (err), #call, __FILE__, __LINE__)
/* The call failed with this reason id, and said something. */
#define check_refused(call, err, reason)                                                           \
    check_refused_at((call), (err), (reason), #call, __FILE__, __LINE__)

void check_int_equal_at(int64_t got, int64_t want, const char *file, int line);
void check_text_equal_at(const char *got, const char *want, const char *file, int line);
void check_fen_at(struct money got, int64_t want_fen, const char *file, int line);
void check_date_at(struct date got, const char *want_text, const char *file, int line);
void check_ok_at(bool ok, const struct error *err, const char *call, const char *file, int line);
void check_refused_at(bool ok, const struct error *err, const char *reason, const char *call,
                      const char *file, int line);

/* "2016-10-20" as a date; fails the test if it is none. */
struct date day(const char *text);

/* A new empty folder under the build tree, removed by scratch_remove(). Never NULL. */
char *scratch_create(void);
void scratch_remove(char *folder);

#endif
