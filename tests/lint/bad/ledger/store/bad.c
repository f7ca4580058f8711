static const char *const other_writer = "INSERT INTO entry (id) VALUES ($1)";
