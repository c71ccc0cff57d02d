#!/bin/sh
# A worker that does to itself what the name by which this is called says. A file of the tree, because
# one that was just written cannot be run while another test's child still holds it open.
exec "$(dirname "$0")/sluice-render" "$@" --faults "$(basename "$0")"
