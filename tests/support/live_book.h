/* live_book.h - a real book in a scratch folder, with keys, signatures and head, changed through
 * the door alone. Fails the test where it must not fail.
 *
 *     <folder>/keys      people's keys
 *     <folder>/disk/book and <folder>/disk/book.keys: what a crash of the machine may hit
 *
 * People: admin, clerk, approver, manager, risk, bureau, each with the role of that name. */
#ifndef YICANG_TESTS_SUPPORT_LIVE_BOOK_H
#define YICANG_TESTS_SUPPORT_LIVE_BOOK_H

#include "cli/service/act.h"
#include "tests/support/check.h"

struct live_book {
    char *folder;
    char *disk;
    char *path; /* of the book */
    struct office office;
    bool open;
};

/* Folders and environment; no book yet. */
void live_book_prepare(struct live_book *book);
/* `book init` with the policy county-pilot; leaves the book open. */
MUST_CHECK bool live_book_init(struct live_book *book, const char *opening_day, struct error *err);
/* Both, then everybody is hired. Leaves the book closed. */
void live_book_create(struct live_book *book, const char *opening_day);
void live_book_release(struct live_book *book);

void live_book_open(struct live_book *book);
MUST_CHECK bool live_book_try_open(struct live_book *book, struct error *err);
void live_book_close(struct live_book *book);

/* Nobody remembers what they saw of it (visits.h), as before it is put back to an earlier state on
 * purpose. */
void live_book_forget(void);

/* One passage through the door; the same number is the same command id. */
MUST_CHECK bool live_act(struct live_book *book, uint64_t command, const char *as, const char *type,
                         const struct canon *request, struct act_result *ret, struct error *err);
struct uuid live_command(uint64_t number);

/* Requests, in the arena of the open office. */
struct canon *live_hire_request(struct live_book *book, const char *staff, const char *role);
struct canon *live_amount_request(struct live_book *book, int64_t fen); /* {"amount_fen"} */
/* A household of one made-up person, by `serial` 0 to 999. */
struct canon *live_household_request(struct live_book *book, int serial,
                                     struct personal_data *ret_person);
/* Adds of_seq and of_leaf. */
void live_of_event(struct live_book *book, struct canon *request, uint64_t seq);

/* Every check there is: book_check() and book_verify(), replay included. False with the first
 * finding in err. */
MUST_CHECK bool live_book_is_sound(struct live_book *book, struct error *err);

#endif
