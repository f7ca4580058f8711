/* simulation_table.h - what another policy would have made of the book, as a table. Layer: cli. */
#ifndef YICANG_CLI_SIMULATION_TABLE_H
#define YICANG_CLI_SIMULATION_TABLE_H

#include "cli/service/simulation.h"
#include "reports/table.h"

/* By office, class and figure; figures that are nothing before and after are left out. Then those
 * of the whole county, whose office and class are "all", and at the end the fund's. */
void simulation_table(const struct simulation *simulation, struct arena *arena, struct table *ret);

#endif
