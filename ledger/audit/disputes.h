/* disputes.h - what a key signed that was reported stolen (audit-log.md 4.12, "Revocation").
 * Layer: audit. */
#ifndef YICANG_AUDIT_DISPUTES_H
#define YICANG_AUDIT_DISPUTES_H

#include "ledger/audit/log_source.h"
#include "ledger/audit/registry.h"

/* Adds E_DISPUTE for each event that is in dispute when the whole log is read. Reads that part of
 * the log once more, and only if something is: who steals a key does not say so beforehand. Events
 * before an earlier verified state (NULL: none) are held against its last leaf hash on the way, as
 * each names the one before it (E_CHAIN). */
struct verify_state;
MUST_CHECK bool disputes_tell(const struct registry *registry, const struct log_source *source,
                              const struct verify_state *since, struct findings *findings,
                              struct error *err);

#endif
