#!/bin/sh
# A worker without its sandbox, for comparison. A file of the tree, because one that was just written
# cannot be run while another test's child still holds it open.
exec "$(dirname "$0")/sluice-render" "$@" --without-sandbox
