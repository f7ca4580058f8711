#!/usr/bin/env bash
# go.sh PROGRAM CACHE - builds check_bundle.go with the Go packages of Debian, without a network.
set -euo pipefail
GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$2 GOFLAGS='' GOPROXY=off \
    go build -o "$1" "$(dirname "$0")/check_bundle.go"
