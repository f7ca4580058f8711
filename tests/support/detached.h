/* detached.h - decisions on claims signed elsewhere, for tests: notes of every kind, the good ones
 * and those that nobody should take, for a staffed book (staffed_book.h) with a claim that waits.
 */
#ifndef YICANG_TESTS_SUPPORT_DETACHED_H
#define YICANG_TESTS_SUPPORT_DETACHED_H

#include "ledger/audit/approval.h"
#include "tests/support/staffed_book.h"

#define DETACHED_LOSS                                                                              \
    1000000 /* of each claim, in fen: insurer 7,000, fund 1,500, bank 1,500 yuan */

/* A book in which claims may be filed from the first day in arrears, with a fund and this many
 * claims of 10,000.00 on loans of households of their own, filed by risk-officer and not decided.
 */
void detached_open(struct staffed_book *book, int64_t claims);

/* The note that bureau-officer would sign now on this claim, under the newest head. */
struct approval detached_approval(struct staffed_book *book, int64_t claim, const char *decision);
/* The key of somebody of the book; wipe it. */
void detached_key(struct staffed_book *book, const char *staff, struct signing_key *ret);

/* What records the note, signed by the officer named in it, or with this key (NULL: that). */
struct canon *detached_request(struct staffed_book *book, int64_t claim,
                               const struct approval *approval, const struct signing_key *key);
/* The same for a note of these bytes, whatever they are. */
struct canon *detached_request_of(struct staffed_book *book, int64_t claim,
                                  const struct approval *approval, const char *bytes,
                                  size_t length);

#endif
