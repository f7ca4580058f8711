/* household.h - the lending unit and its people. Layer: loans.
 * Tables household, household_status, household_erased, person are written here and nowhere else.
 */
#ifndef YICANG_LOANS_HOUSEHOLD_H
#define YICANG_LOANS_HOUSEHOLD_H

#include "ledger/base/arena.h"
#include "ledger/store/store.h"

MUST_CHECK bool household_next(struct store *store, int64_t *ret, struct error *err);
MUST_CHECK bool person_next(struct store *store, int64_t *ret, struct error *err);
MUST_CHECK bool household_put(struct store *store, uint64_t seq, int64_t id, const char *area_code,
                              const char *village, struct date day, struct error *err);
MUST_CHECK bool household_status_put(struct store *store, uint64_t seq, int64_t household,
                                     struct date from, const char *status, struct error *err);
MUST_CHECK bool person_put(struct store *store, uint64_t seq, int64_t id, int64_t household,
                           const char *subject, const char *relation, struct date day,
                           struct error *err);
bool household_status_is_known(const char *word); /* registered, lifted, monitored, none */

/* Reason id household.not-found. */
MUST_CHECK bool household_exists(struct store *store, int64_t id, struct error *err);
/* The personal data of its people is gone from this day on. */
MUST_CHECK bool household_erased_put(struct store *store, uint64_t seq, int64_t household,
                                     struct date day, struct error *err);
MUST_CHECK bool household_erased_on(struct store *store, int64_t household, bool *ret_erased,
                                    struct date *ret, struct error *err);
/* It exists and its personal data was not erased. Reason ids household.not-found,
 * household.erased. */
MUST_CHECK bool household_is_kept(struct store *store, int64_t id, struct error *err);
/* Whether the subject belongs to a household whose personal data was erased. */
MUST_CHECK bool subject_is_erased(struct store *store, const char *subject, bool *ret,
                                  struct error *err);
struct household_standing {
    const char *status; /* "none" before the first row */
    bool ends;          /* another row holds later, from the day `end` on */
    struct date end;
};
/* The standing on the register on a day. The status is in the arena. */
MUST_CHECK bool household_standing_on(struct store *store, struct arena *arena, int64_t household,
                                      struct date day, struct household_standing *ret,
                                      struct error *err);
/* The household a person belongs to and the subject of the person's data. Reason id
 * person.not-found. */
MUST_CHECK bool person_load(struct store *store, struct arena *arena, int64_t person,
                            int64_t *ret_household, const char **ret_subject, struct error *err);
struct household_person {
    int64_t id;
    const char *relation;
    const char *subject;
    struct date added_on;
};
/* In the order in which they were added; in the arena. Reason id household.too-many-persons. */
#define HOUSEHOLD_PERSONS_MAX 1000
MUST_CHECK bool household_persons_load(struct store *store, int64_t household, struct arena *arena,
                                       struct household_person **ret, size_t *ret_count,
                                       struct error *err);
MUST_CHECK bool household_head(struct store *store, int64_t household, int64_t *ret_person,
                               struct error *err);

#endif
