/* record.h - an event goes into the book: what every writer does inside its transaction. Layer:
 * service. */
#ifndef YICANG_SERVICE_RECORD_H
#define YICANG_SERVICE_RECORD_H

#include "cli/service/book.h"
#include "cli/service/use_case.h"

/* Signs and appends an event, projects it and posts its entries, reads event and entries back, and
 * keeps the signed head over it (seal.h). Helpers check the event's signatures and sign
 * the head while this thread writes the tables; both are waited for. *ret is the tip after it. */
MUST_CHECK bool event_record(struct office *office, const struct use_case *use_case,
                             const struct event_draft *draft, struct log_tip *ret,
                             struct error *err);

#endif
