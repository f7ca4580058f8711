/* lists.h - short lists for the screen, as the book stands now. Layer: reports. */
#ifndef YICANG_REPORTS_LISTS_H
#define YICANG_REPORTS_LISTS_H

#include "ledger/store/store.h"
#include "reports/table.h"

typedef bool (*list_function)(struct store *store, struct date day, struct arena *arena,
                              struct table *ret, struct error *err);

bool list_loans(struct store *store, struct date day, struct arena *arena, struct table *ret,
                struct error *err);
bool list_households(struct store *store, struct date day, struct arena *arena, struct table *ret,
                     struct error *err);
bool list_claims(struct store *store, struct date day, struct arena *arena, struct table *ret,
                 struct error *err);
/* Overdue and non-accrual loans with covered principal, with their days overdue on the day. */
bool list_candidates(struct store *store, struct date day, struct arena *arena, struct table *ret,
                     struct error *err);
bool list_recoveries(struct store *store, struct date day, struct arena *arena, struct table *ret,
                     struct error *err);
bool list_subsidies(struct store *store, struct date day, struct arena *arena, struct table *ret,
                    struct error *err);
bool list_premiums(struct store *store, struct date day, struct arena *arena, struct table *ret,
                   struct error *err);
bool list_fund_status(struct store *store, struct date day, struct arena *arena, struct table *ret,
                      struct error *err);
/* The versions of the policy: first day, name, digest, event; which one is in force on the day. */
bool list_policies(struct store *store, struct date day, struct arena *arena, struct table *ret,
                   struct error *err);
bool list_staff(struct store *store, struct date day, struct arena *arena, struct table *ret,
                struct error *err);
#endif
