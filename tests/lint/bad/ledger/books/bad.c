static const char *const two_writers = "INSERT INTO entry"
                                       " (id) VALUES ($1)";
