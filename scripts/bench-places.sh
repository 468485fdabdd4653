# Sourced by scripts/bench.

echo "--- in process"
"$(program bench_places)" "$out/places.json"

echo "--- over loopback: wrk, 64 connections, keep-alive, $seconds s, medians of three"
data=$out/data-places
rm -rf "$data"
mkdir -p "$data"
node "$root/tests/bench/places.mjs" 200000 "$data/places.csv" "$data/queries.txt"
"$bin/bin/yizhan" import places "$data/places.csv" --data "$data" >/dev/null

pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true' EXIT
: >"$data/listening"
"$bin/bin/yizhan" serve --data "$data" --listen 127.0.0.1:0 --log-level warn \
  --requests-per-minute 4000000000 \
  >"$data/listening" 2>"$data/server.log" &
pids+=($!)
for ((i = 0; i < 300; i++)); do
  base=$(sed -n 's/^listening on //p' "$data/listening")
  [ -n "$base" ] && curl -fs "$base/readyz" >/dev/null && break
  sleep 0.1
done
size=$(curl -s "$base$(head -1 "$data/queries.txt")" | wc -c)
"$(program bench_fixed_body)" "$size" >"$data/fixed" &
pids+=($!)
while [ ! -s "$data/fixed" ]; do sleep 0.1; done
fixed=http://127.0.0.1:$(cat "$data/fixed")

export QUERIES=$data/queries.txt
ask() { # prints "requests/s p50_us p99_us errors"
  wrk -t1 -c64 -d"${seconds}s" -s "$root/tests/bench/queries.lua" "$1" | sed -n 's/^RESULT //p'
}
median() { sort -n | sed -n 2p; }
for round in 1 2 3; do # turn about, so that a noisy minute hits both
  ask "$base" >>"$data/ours"
  ask "$fixed" >>"$data/yardstick"
done
ours=$(median <"$data/ours") yardstick=$(median <"$data/yardstick")
node -e '
  const [ours, yardstick, size, out] = process.argv.slice(1);
  const read = (text) => { const [rps, p50, p99, errors] = text.split(" ").map(Number);
    return { requests_per_s: rps, p50_us: p50, p99_us: p99, errors } };
  const result = { answer_bytes: Number(size), nearest: read(ours), fixed_body: read(yardstick) };
  result.ratio = result.nearest.requests_per_s / result.fixed_body.requests_per_s;
  for (const name of ["nearest", "fixed_body"]) {
    const r = result[name];
    console.log(`${name.padEnd(12)} ${r.requests_per_s.toFixed(0).padStart(8)} requests/s   p50 ${r.p50_us} us   p99 ${r.p99_us} us   errors ${r.errors}`);
  }
  console.log(`nearest serves ${(100 * result.ratio).toFixed(1)} % of the fixed body (${size} bytes)`);
  require("fs").writeFileSync(out, JSON.stringify(result, null, 2) + "\n");
' "$ours" "$yardstick" "$size" "$out/places-loopback.json"
echo "written to ${out#"$root"/}/places*.json"
