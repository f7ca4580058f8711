static const char *const here = "SELECT 1 FROM entry";
static bool refuse(struct error *err) { return error_set(err, FAULT_INPUT, "Rules_Bad", _("no")); }
static bool refuse_unknown(struct error *err) { return error_set(err, FAULT_INPUT, "nowhere.said", _("no")); }
