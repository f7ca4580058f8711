/* log_beginning.h - the first events of a log as if there were no more: what an auditor saw who
 * came earlier. */
#ifndef YICANG_TESTS_SUPPORT_LOG_BEGINNING_H
#define YICANG_TESTS_SUPPORT_LOG_BEGINNING_H

#include "ledger/audit/log_source.h"

/* Must outlive the source. */
struct log_beginning {
    const struct log_source *whole;
    int64_t size;
    log_leaf_visitor visit;
    void *visiting;
};
/* What stands beside the events (the kept tree) is not asked for: it is of the whole log. */
struct log_source log_source_of_beginning(struct log_beginning *beginning);

#endif
