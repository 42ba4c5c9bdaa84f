#!/bin/sh
# Builds the committed style sheets and scripts of Liaison. A developer runs this after a change in this folder;
# nobody needs Node to install or to run Liaison.
#
#   sh src/liaison/web/styles/build.sh [SCRATCH_FOLDER]
#
# The scratch folder (default: a new temporary one) receives the packages; nothing of it is committed.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=$here/../static/web
scratch=${1:-$(mktemp -d)}

mkdir -p "$scratch" "$out"
cd "$scratch"
[ -f package.json ] || npm init -y >/dev/null
npm install --no-save --ignore-scripts --loglevel=error --no-audit --no-fund \
    govuk-frontend@6.6.0 @ministryofjustice/frontend@11.1.0 sass@1.108.2 rtlcss@4.3.0 esbuild@0.28.2

npx sass --no-source-map --no-charset --style=compressed --quiet-deps --load-path=. --load-path=node_modules \
    "$here/liaison.scss" "$out/liaison.css"
# The time line brings a picture for a link that we never use.
sed -i 's/\.moj-timeline__document-link{[^}]*}//' "$out/liaison.css"
npx rtlcss --silent "$out/liaison.css" "$out/liaison.rtl.css"

# The five components that we use, as one module.
NODE_PATH=node_modules npx esbuild "$here/govuk.mjs" --bundle --minify --format=esm --legal-comments=none \
    --target=es2020 --outfile="$out/govuk.js"

for file in liaison.css liaison.rtl.css govuk.js liaison.js; do
    printf '%-18s %6d bytes, %6d gzipped\n' "$file" "$(wc -c <"$out/$file")" "$(gzip -9c "$out/$file" | wc -c)"
done
