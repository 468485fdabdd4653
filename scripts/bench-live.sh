# Sourced by scripts/bench.

clients=1000
if ((quick)); then clients=200; fi
ulimit -n 8192 2>/dev/null || true
node "$root/tests/bench/live.mjs" "$bin/bin/yizhan" "$root/data" "$out/live.json" "$clients" "$seconds"
