# Sourced by scripts/bench.

work=$(mktemp -d "$root/build/bench/queue.XXXXXX")
trap 'rm -rf "$work"' EXIT
cases=100000 rounds=30
if ((quick)); then cases=10000 rounds=5; fi

echo "--- $cases cases of a year in 160 sub-districts"
"$(program bench_queue)" "$cases" "$work/data" "$root/data" >"$work/sqlite.json"
node "$root/tests/bench/queue.mjs" "$bin/bin/yizhan" "$root/data" "$work/data" "$out/queue.json" "$rounds" "$work/sqlite.json"
