# Sourced by scripts/bench.

need_npm tests/bench/agreement
here=$root/tests/bench/agreement
share=$out/agreement-share
rm -rf "$share"
mkdir -p "$share"
cp -r "$root/data/categories" "$root/data/kinds" "$share/"
node "$here/even.mjs" "$root/data/profiles" "$share/profiles"

server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true' EXIT

agree() { # agree NAME EXTRACT
  local name=$1 extract=$2 data=$out/data-agreement-$1 base=
  if [ ! -f "$extract" ]; then
    warn "SKIPPED: $name, no file $extract"
    return
  fi
  echo "--- $name"
  rm -rf "$data"
  mkdir -p "$data"
  osmium cat "$extract" -o "$data/extract.osm.pbf" --no-progress # the other engine reads nothing else
  "$bin/bin/yizhan" build-roads "$data/extract.osm.pbf" --data "$data" --share "$share" >/dev/null
  : >"$data/listening"
  "$bin/bin/yizhan" serve --data "$data" --share "$share" --listen 127.0.0.1:0 --log-level warn \
    --requests-per-minute 4000000000 >"$data/listening" 2>"$data/server.log" &
  server=$!
  for ((i = 0; i < 300; i++)); do
    base=$(sed -n 's/^listening on //p' "$data/listening")
    [ -n "$base" ] && curl -fs "$base/readyz" >/dev/null && break
    sleep 0.1
  done
  node "$here/agreement.mjs" "$data/extract.osm.pbf" "$data/tiles" "$base" "$out/agreement-$name.json" "$pairs" \
    2> >(grep -v '\[WARN\]\|\[INFO\]' >&2) | grep -v '\[WARN\]\|\[INFO\]'
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
}

pairs=$((quick ? 50 : 500))
agree beijing "$data_folder/osm/beijing_central_drive_2024-03.osm.pbf"
agree tsinghua "$data_folder/osm/beijing_tsinghua_2017.osm.gz"
agree monaco "$data_folder/osm/monaco_osrm.osm.pbf"
echo "written to ${out#"$root"/}/agreement-*.json"
