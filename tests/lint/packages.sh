#!/bin/sh
# Every header and library that the build took from the machine is of a package that
# scripts/setup-debian installs: what is there by chance is missing on a bare one.
#   packages.sh SETUP BUILD
set -eu
setup=$1 build=$2
# of build-essential
brought="libc6-dev linux-libc-dev"

libraries() {
    sed -n 's/^ *LINK_LIBRARIES = //p' "$build/build.ninja" | tr ' ' '\n' |
        grep -E '^(/usr/.*\.so|-l[a-z0-9]+)$' | sort -u |
        while read -r library; do
            case $library in
            -l*) gcc -print-file-name="lib${library#-l}.so" ;;
            *) echo "$library" ;;
            esac
        done
}
headers() { ninja -C "$build" -t deps | grep -oE '/usr/include/[^ ]+' | sort -u; }

used=$({ libraries; headers; } | xargs dpkg -S | sed 's/:.*//' | sort -u)
[ "$(echo "$used" | wc -l)" -ge 10 ] # nobody asks for less: the lists were read
missing=
for package in $used; do
    case " $brought $(sed -n '/_packages="/,/"$/p' "$setup" | tr '\n"' '  ') " in
    *" $package "*) ;;
    *) missing="$missing $package" ;;
    esac
done
[ -z "$missing" ] || { echo "$setup does not install:$missing"; exit 1; }
echo "packages: $(echo "$used" | wc -l) used, all of them installed by $setup"
