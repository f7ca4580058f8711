/* witness_plans.h - what a witness said about the log, recorded in it. Layer: service.
 *
 * A cosignature comes from another machine for a head of some size ago, of which the book may keep
 * nothing any more; so the event brings the head along, and the table of heads follows from it. */
#ifndef YICANG_SERVICE_WITNESS_PLANS_H
#define YICANG_SERVICE_WITNESS_PLANS_H

#include "cli/service/use_case.h"

/* Request: "size", "note" (the lines of the head as the log signed it), "line" (of the witness,
 * without its LF), "vkey" (of the witness). Reason ids witness.head (no head of this log of that
 * size, signed by its key), witness.line (no good cosignature of it), witness.line-known. */
bool plan_witness_cosign(struct planning *planning, const struct canon *request, struct error *err);
bool project_witness_cosign(const struct projection *projection, struct error *err);

/* The log was exported up to `size` (audit-log.md 4.8): who took it out of the house, and which
 * manifest it has. Reason id audit.export-size (the log is not so long). */
bool plan_export_made(struct planning *planning, const struct canon *request, struct error *err);

#endif
