# Sourced by scripts/bench.

profiles=(foot bicycle ebike motorcycle)
share=$root/data
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true' EXIT

# Requests a second for whole routes with steps and geometry, over loopback.
serve_roads() { # serve_roads NAME EXTRACT
  local name=$1 extract=$2 data=$out/data-$1 base=
  node "$root/tests/bench/routes.mjs" "$extract" ebike 2000 "$data/queries.txt"
  : >"$data/listening"
  "$bin/bin/yizhan" serve --data "$data" --share "$share" --listen 127.0.0.1:0 --log-level warn \
    --requests-per-minute 4000000000 >"$data/listening" 2>"$data/server.log" &
  server=$!
  for ((i = 0; i < 600; i++)); do
    base=$(sed -n 's/^listening on //p' "$data/listening")
    [ -n "$base" ] && curl -fs "$base/readyz" >/dev/null && break
    sleep 0.1
  done
  for round in 1 2 3; do
    QUERIES=$data/queries.txt wrk -t1 -c64 -d"${seconds}s" -s "$root/tests/bench/queries.lua" "$base"
  done | sed -n 's/^RESULT //p' | sort -n | sed -n 2p >"$data/wrk"
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
  read -r rps p50 p99 errors <"$data/wrk"
  echo "routes over loopback: $rps requests/s, p50 $p50 us, p99 $p99 us, $errors errors (wrk, 64 connections)"
  printf '{"requests_per_s": %s, "p50_us": %s, "p99_us": %s, "errors": %s}\n' \
    "$rps" "$p50" "$p99" "$errors" >"$out/roads-$name-loopback.json"
}

measure_roads() { # measure_roads NAME ROADS PAIRS ROUNDS PROFILE...
  local name=$1 roads=$2 pairs=$3 rounds=$4 profile
  shift 4
  for profile in "$@"; do
    echo "--- $name, $profile"
    "$(program bench_custom)" "$roads" "$profile" "$out/roads-$name-$profile-custom.json" "$rounds"
    "$(program bench_roads)" "$roads" "$profile" "$out/roads-$name-$profile.json" "$pairs"
    "$(program bench_answer)" "$roads" "$profile" "$out/roads-$name-$profile-answer.json" "$pairs"
  done
}

prove_roads() { # prove_roads NAME ROADS QUERIES PROFILE...
  local name=$1 roads=$2 queries=$3 profile
  shift 3
  for profile in "$@"; do
    echo "--- $name, $profile: held against Dijkstra"
    "$(program bench_proof)" "$roads" "$profile" "$out/roads-$name-$profile-proof.json" "$queries"
  done
}

build_roads() { # build_roads NAME EXTRACT
  local name=$1 extract=$2 data=$out/data-$1
  rm -rf "$data"
  mkdir -p "$data"
  echo "--- $name: build-roads"
  "$(program peak)" "$out/roads-$name-build.json" \
    "$bin/bin/yizhan" build-roads "$extract" --data "$data" --share "$share"
}

# Central Beijing cut to a rectangle, and 20 x 20 copies of it, each the mirror image of the next: joined
# by every street that is cut (one city without an end), or by main roads alone (a country).
main_roads=motorway,motorway_link,trunk,trunk_link,primary,primary_link
make_tiled() { # make_tiled NAME [HIGHWAYS]
  tiled=$out/tiled-$1.osm.pbf
  [ -f "$tiled" ] && [ "$tiled" -nt "$(program bench_tiles)" ] && return
  "$(program bench_tiles)" "$beijing" 116.2833,39.8616,116.4257,39.9660 20 "$tiled" ${2:+"$2"}
}

measure_tiled() { # measure_tiled NAME [HIGHWAYS]
  make_tiled "$@"
  build_roads "$1" "$tiled"
  if [ "$proof" = only ]; then
    prove_roads "$1" "$out/data-$1/roads.yzr" 1000 ebike
  else
    measure_roads "$1" "$out/data-$1/roads.yzr" 200 3 ebike
    node "$root/tests/bench/growth.mjs" "$out/roads-beijing-ebike.json" "$out/roads-$1-ebike.json"
  fi
}

beijing=$data_folder/osm/beijing_central_drive_2024-03.osm.pbf
pairs=$((quick ? 200 : 1000)) rounds=$((quick ? 3 : 21)) queries=$((quick ? 1000 : 100000))
make_demo_city
need_npm tests/bench/agreement
declare -A extracts=([demo]=$demo_city)
if [ -f "$beijing" ]; then extracts[beijing]=$beijing; else warn "SKIPPED: central Beijing, no file $beijing"; fi
for name in "${!extracts[@]}"; do
  build_roads "$name" "${extracts[$name]}"
  if [ "$proof" = only ]; then
    prove_roads "$name" "$out/data-$name/roads.yzr" "$queries" "${profiles[@]}"
  else
    measure_roads "$name" "$out/data-$name/roads.yzr" "$pairs" "$rounds" "${profiles[@]}"
    serve_roads "$name" "${extracts[$name]}"
  fi
done
if [ -f "$beijing" ] && [ "$quick" = 0 ]; then
  measure_tiled country "$main_roads"
  measure_tiled endless
fi
echo "written to ${out#"$root"/}/roads-*.json"
