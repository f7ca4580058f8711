/* language.h - which language people are spoken to in. Layer: cli. */
#ifndef YICANG_CLI_LANGUAGE_H
#define YICANG_CLI_LANGUAGE_H

#include <stdbool.h>

/* Once, before anything is said. lang is "zh", "en", or NULL for what the environment asks for.
 * Chinese needs no zh_CN locale on the machine: any UTF-8 locale carries the catalogue. */
void language_start(const char *lang);
bool language_is_chinese(void);

#endif
