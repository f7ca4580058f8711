/* policy_file.h - reading a file of rules that is named on the command line. Layer: cli. */
#ifndef YICANG_CLI_POLICY_FILE_H
#define YICANG_CLI_POLICY_FILE_H

#include "ledger/base/arena.h"
#include "ledger/base/attributes.h"
#include "ledger/base/buffer.h"
#include "ledger/base/error.h"

/* The whole file, up to the limit of the buffer. Reason ids policy.not-read, policy.too-large. */
MUST_CHECK bool policy_file_read(const char *path, struct buffer *ret, struct error *err);

/* Where the tests of a policy stand: beside it, "x.yaml" has "x.tests.yaml". */
const char *policy_tests_path(struct arena *arena, const char *policy_path);

#endif
