# Sourced by scripts/bench.

if [ -f "$data_folder/osm/beijing_central_drive_2024-03.osm.pbf" ] && [ -f "$data_folder/areas/xicheng_subdistricts.geojson" ]; then
  runs=9
  if ((quick)); then runs=3; fi
  node "$root/tests/bench/coverage.mjs" "$bin/bin/yizhan" "$root/data" "$data_folder" "$out/coverage.json" "$runs"
else
  warn "SKIPPED: there is no extract and no map of areas in $data_folder"
fi
