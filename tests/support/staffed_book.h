/* staffed_book.h - a live book (live_book.h) with three admins of whom two must sign, one person
 * for each role, and all their keys at hand: whatever they might do can be tried through the door,
 * or signed and put into the log past it.
 *
 * People: a1, a2, a3 (admins), clerk, approver, manager, risk-officer, bureau-officer, auditor.
 * Time stands still until staffed_wait(). */
#ifndef YICANG_TESTS_SUPPORT_STAFFED_BOOK_H
#define YICANG_TESTS_SUPPORT_STAFFED_BOOK_H

#include "ledger/audit/verify.h"
#include "tests/support/live_book.h"

struct staffed_book {
    struct live_book live;
    int64_t households;
    uint64_t commands;
};

#define STAFFED_APPROVAL_DAYS 3

/* Leaves it open; the opening day is 2016-10-20. With county-pilot, or the text of another policy.
 */
void staffed_book_open(struct staffed_book *book);
void staffed_book_open_with(struct staffed_book *book, const char *policy);
void staffed_book_close(struct staffed_book *book);
void staffed_wait(int64_t seconds);

/* A request of text members: names and values in turn, ended by NULL. */
struct canon *staffed_request(struct staffed_book *book, const char *name, ...)
    __attribute__((sentinel));
/* key.add of a new person or code. */
struct canon *staffed_hire(struct staffed_book *book, const char *staff, const char *role);

/* Through the door. with: further admins "a2" or "a2,a3"; NULL: none. */
MUST_CHECK bool staffed_act(struct staffed_book *book, const char *as, const char *with,
                            const char *type, const struct canon *request, struct error *err);
void staffed_do(struct staffed_book *book, const char *as, const char *with, const char *type,
                const struct canon *request);
void staffed_refused(struct staffed_book *book, const char *as, const char *with, const char *type,
                     const struct canon *request, const char *reason);
/* Past it: the event says what the plan gives (or, if there is no plan, the request), is signed
 * with good keys, stands in the log and, as far as they take it, in the tables. Gives its seq. */
int64_t staffed_forge(struct staffed_book *book, const char *as, const char *with, const char *role,
                      const char *type, const struct canon *request);
/* The same with another body than the plan gives: what `alter` makes of it. */
typedef struct canon *(*body_alteration)(struct arena *arena, const struct canon *body);
int64_t staffed_forge_altered(struct staffed_book *book, const char *as, const char *role,
                              const char *type, const struct canon *request, body_alteration alter);
/* Whether a verification objects at that event with this code and reason id ("[duty.limit]" in its
 * text; NULL: any). */
bool staffed_objection(struct staffed_book *book, int64_t seq, const char *code,
                       const char *reason);
/* The first finding of a verification, "" if there is none; until the next call. */
const char *staffed_first_finding(struct staffed_book *book);

/* Closes the open day and turns the day key. */
void staffed_close_day(struct staffed_book *book);
/* Up to that day, which is closed too. */
void staffed_close_through(struct staffed_book *book, const char *last_day);

/* A household of one person, an application (50,000 yuan, 12 months, 4.35 %), its approval: their
 * requests. */
int64_t staffed_household(struct staffed_book *book);
struct canon *staffed_application(struct staffed_book *book, int64_t household, int64_t fen);
struct canon *staffed_decision(struct staffed_book *book, int64_t loan, int64_t fen);
struct canon *staffed_payout(struct staffed_book *book, int64_t loan, int64_t fen);

#endif
