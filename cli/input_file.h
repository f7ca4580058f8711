/* input_file.h - files that are handed in, read whole up to a limit. Layer: cli. */
#ifndef YICANG_CLI_INPUT_FILE_H
#define YICANG_CLI_INPUT_FILE_H

#include "ledger/base/buffer.h"
#include "ledger/base/error.h"

/* Up to the buffer's limit. Reason ids input.not-read, input.too-large (FAULT_INPUT). */
MUST_CHECK bool input_file_read(const char *path, struct buffer *ret, struct error *err);

#endif
