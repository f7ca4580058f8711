/* verify_record.h - a verification, recorded in the log that was verified. Layer: service. */
#ifndef YICANG_SERVICE_VERIFY_RECORD_H
#define YICANG_SERVICE_VERIFY_RECORD_H

#include "cli/service/act.h"
#include "cli/service/book_check.h"

/* Records it as event verify.run, by whoever verified. Reason ids of act(), audit.recorded-*. */
MUST_CHECK bool verify_record(struct office *office, const struct act_options *options,
                              const struct verify_scope *scope, const struct findings *findings,
                              const struct verify_summary *summary, struct act_result *ret,
                              struct error *err);

#endif
