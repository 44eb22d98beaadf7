#!/bin/sh
# Builds the oracle into the given file with Debian's Go packages and no network:
#   apt-get install golang-k8s-sigs-structured-merge-diff-dev; sh build.sh /tmp/ssa-oracle
# Debian has version 4 of the library without the `v4` folder that its import path names; links stand in for it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
gocode=/usr/share/gocode/src
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/src/sigs.k8s.io/structured-merge-diff" "$root/src/ssa-oracle"
ln -s "$gocode/github.com" "$root/src/github.com"
ln -s "$gocode/gopkg.in" "$root/src/gopkg.in"
ln -s "$gocode/sigs.k8s.io/structured-merge-diff" "$root/src/sigs.k8s.io/structured-merge-diff/v4"
cp "$here"/main.go "$here"/schema.yaml "$root/src/ssa-oracle/"
cd "$root/src/ssa-oracle"
GOPATH=$root GO111MODULE=off GOFLAGS= go build -o "$1" .
