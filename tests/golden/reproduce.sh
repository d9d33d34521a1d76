#!/bin/sh
# Measures anew what this bundle reports, then compares: sizes must be equal, speeds are printed.
# usage: reproduce.sh [EVALZIP]   The program; EVALZIP_CORPUS_PATH names folders of corpora.
set -eu
evalzip=${1:-evalzip}
case $evalzip in
  */*) evalzip=$(cd "$(dirname "$evalzip")" && pwd)/$(basename "$evalzip") ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
"$evalzip" verify-artifact "$here"
work=$(mktemp -d)
echo "new runs go to $work"
failed=0
"$evalzip" run --corpus 'it'\''s mine' --out "$work/1.json" || failed=$?
"$evalzip" verify-artifact "$here" --reproduced "$work/1.json" || failed=$?
exit $failed
