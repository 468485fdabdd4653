# Sourced by scripts/bench.

bench_roads() { # bench_roads NAME EXTRACT
  local name=$1 extract=$2 data=$out/data-$1 profile
  mkdir -p "$data"
  "$bin/bin/yizhan" import osm "$extract" --data "$data" >/dev/null
  echo "--- $name"
  TIMEFORMAT="build-roads: %R s"
  time "$bin/bin/yizhan" build-roads --data "$data"
  for profile in foot bicycle ebike motorcycle; do
    "$(program bench_roads)" "$data/roads.yzr" "$profile" "$out/roads-$name-$profile.json"
  done
}

make_demo_city
bench_roads demo "$demo_city"
beijing=$data_folder/osm/beijing_central_drive_2024-03.osm.pbf
if [ -f "$beijing" ]; then
  bench_roads beijing "$beijing"
else
  warn "SKIPPED: central Beijing, no file $beijing"
fi
echo "written to ${out#"$root"/}/roads-*.json"
