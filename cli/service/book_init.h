/* book_init.h - a new book: its folder, its keys, its genesis and its first policy. Layer: service.
 */
#ifndef YICANG_SERVICE_BOOK_INIT_H
#define YICANG_SERVICE_BOOK_INIT_H

#include "cli/service/book.h"
#include "cli/service/key_ring.h"

#define BOOK_ADMINS_MAX EVENT_SIGNERS_MAX /* all of them sign the first event */

struct book_request {
    const char *folder;
    const char *origin; /* "<domain>/ledger-<8 hex>" */
    const char *name;
    const char *office; /* of the admins */
    struct date opening_day;
    const char *policy_file; /* as named in messages */
    const char *policy_bytes;
    size_t policy_length;
    const char *const *admin; /* staff codes */
    size_t admins;
    int64_t quorum;        /* 1 to admins */
    int64_t approval_days; /* for which an approval counts; 0: APPROVAL_DAYS of people.h */
    /* Which witnesses outsiders ask for (witness_policy.h), bound into the genesis; length 0: none
     * yet, and nothing can be proven against a cut end. */
    const char *witness_policy;
    size_t witness_policy_length;
    int64_t cosign_max_age_days;
    /* Admins whose key file does not exist yet get one with the passphrase asked for; NULL texts
     * are for demo books only. */
    struct passphrase_source passphrase;
    bool export_key; /* and the key that signs exports, whose passphrase is asked for as of
                        "exports" */
    /* The log that this one continues, because events of it were lost; NULL: none. Asks for two
     * admins at least, who all sign: whoever gives up a log does not do so alone. */
    const struct predecessor *predecessor;
    visit_warning warn; /* NULL: nobody is told */
};

/* Reason ids book.exists, book.begun (it was broken off there before), book.origin, book.admins,
 * book.quorum, book.origin-seen (visits.h), book.predecessor-admins, policy.* (the file),
 * key-file.*, store.*. What was made is removed again if it fails, people's keys too as far as they
 * were made here. The office is open afterwards. */
MUST_CHECK bool book_init(const struct book_request *request, struct office *ret,
                          struct error *err);

#endif
