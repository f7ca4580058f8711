/* act.h - the one door: every change of a book passes through act(). Layer: service.
 *
 * In one write transaction: the log is compared with what each who signs saw of it last (visits.h),
 * the actor and the role are looked up (default deny), a command id that was used before gives its
 * first answer, the request is planned, signed, appended, projected and posted; then event, entries
 * and mirrors are read again and compared, and only then committed. The head beside the book
 * follows. A refused command leaves nothing behind. */
#ifndef YICANG_SERVICE_ACT_H
#define YICANG_SERVICE_ACT_H

#include "cli/service/book.h"
#include "cli/service/key_ring.h"
#include "cli/service/use_case.h"
#include "ledger/base/uuid.h"

struct act_options {
    const char *as;      /* staff code; NULL: reason id staff.not-named */
    struct uuid command; /* sent again it gives the first answer */
    bool has_date;       /* the date the caller believes to be open: else date.not-open */
    struct date date;
    bool dry_run;                        /* everything but append and commit */
    struct passphrase_source passphrase; /* for keys that are in no session */
    const char *const *with;             /* further admins who sign a control event */
    size_t with_count;                   /* at most EVENT_SIGNERS_MAX - 1 */
    visit_warning warn;                  /* NULL: nobody is told */
};

struct act_result {
    uint64_t seq;
    bool repeated; /* the same command had been done before */
    bool dry_run;
    struct sha256 leaf_hash;  /* of the event; zero in a dry run */
    const struct canon *body; /* of the event, in the office's arena */
};

/* Reason ids besides those of the plan and the store: date.not-open, staff.unknown,
 * staff.role-missing, log.rolled-back, log.forked, key.not-found, key.not-registered,
 * command-id.other-request (the id was used for something else), log.*. */
MUST_CHECK bool act(struct office *office, const struct act_options *options, const char *type,
                    const struct canon *request, struct act_result *ret, struct error *err);

/* Personal data of one person, in normal form, NULL where not given. It never enters a request: the
 * door encrypts it inside the transaction and puts subject and commitments into the request. */
struct personal_data {
    const char *field[PERSONAL_FIELDS]; /* by enum personal_field */
};
/* As act(), for household.add and person.add: `persons` of them, in the order in which the
 * request's array "persons" holds their public parts. */
MUST_CHECK bool act_with_persons(struct office *office, const struct act_options *options,
                                 const char *type, const struct canon *request,
                                 const struct personal_data *person, size_t persons,
                                 struct act_result *ret, struct error *err);

#endif
