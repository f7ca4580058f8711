#!/bin/sh
# The Chinese catalogue knows every message of the sources.
set -eu
exec "$1/scripts/update-translations" --check
