/* writer_formats.h - the writer of each format, and what they share. Layer: reports; for writers
 * only, callers use table_write() (writer.h). */
#ifndef YICANG_REPORTS_WRITER_FORMATS_H
#define YICANG_REPORTS_WRITER_FORMATS_H

#include "reports/cell_format.h"
#include "reports/writer.h"

/* Each writes the whole table; table_write() looks for a failed stream afterwards. */
MUST_CHECK bool writer_text(const struct table *table, const struct writer_options *options,
                            FILE *out, struct error *err);
MUST_CHECK bool writer_csv(const struct table *table, FILE *out, struct error *err);
MUST_CHECK bool writer_json(const struct table *table, const struct writer_options *options,
                            FILE *out, struct error *err);
MUST_CHECK bool writer_html(const struct table *table, const struct writer_options *options,
                            FILE *out, struct error *err);
MUST_CHECK bool writer_xlsx(const struct table *table, const struct writer_options *options,
                            FILE *out, struct error *err);

/* Text for an element or a quoted attribute. */
void html_escape(const char *text, FILE *out);
/* table->chart as an inline drawing; nothing if there is no chart or too little or too much for
 * one. */
void html_chart(const struct table *table, bool chinese, FILE *out);
/* The text as a QR code; nothing if it is too long for one. False if memory failed. */
MUST_CHECK bool html_code(const char *text, FILE *out);
#define CHART_BARS_MAX ((size_t)40)
#define CHART_POINTS_MAX ((size_t)1000)
/* Whether the table has a chart that can be drawn. */
bool chart_is_drawable(const struct table *table);

/* Fills err from errno: output.write. */
bool writer_failed(struct error *err);

/* A text of the project that people read, in the language of the report. */
struct label {
    const char *en;
    const char *zh;
};
const char *label_text(struct label label, bool chinese);
extern const struct label label_total, label_as_of, label_none, label_unit;

const char *table_title(const struct table *table, bool chinese);
const char *column_title(const struct column *column, bool chinese);
bool table_has_money(const struct table *table);
/* Where the word "total" stands: the first column that is not summed itself, or columns if all
 * are. */
size_t table_total_label_column(const struct table *table);

#endif
