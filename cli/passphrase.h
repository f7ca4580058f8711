/* passphrase.h - asking for a passphrase: on the terminal with echo off, or from a descriptor.
 * Layer: cli. */
#ifndef YICANG_CLI_PASSPHRASE_H
#define YICANG_CLI_PASSPHRASE_H

#include "cli/service/key_ring.h"

/* *descriptor -1: the terminal; else one line is read from it for each passphrase. It must outlive
 * the source. */
struct passphrase_source passphrase_source(const int *descriptor);

/* Wipes and frees; accepts NULL. */
void passphrase_wipe(char *passphrase);

#endif
