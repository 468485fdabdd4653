# Sourced by scripts/bench. A server of its own, over 200,000 places in a temporary folder on the disk of
# the build.

work=$(mktemp -d "$root/build/bench/cases.XXXXXX")
pid=
trap 'if [ -n "$pid" ]; then kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; fi; rm -rf "$work"' EXIT

photo_seconds=10 send_seconds=20 photos=800
if ((quick)); then photo_seconds=2 send_seconds=4 photos=160; fi

echo "--- the photo pipeline by itself"
"$(program bench_photos)" "$photo_seconds"

echo "--- 64 clients that send over loopback, each its next case when the one before is acknowledged; two ask for the nearest"
"$(program bench_fill)" 200000 "$work/data" "$work/queries.txt" "$work/points.csv"
"$bin/bin/yizhan" serve --data "$work/data" --share "$root/data" --listen 127.0.0.1:0 --log-level warn \
  --requests-per-minute 4000000000 --writes-per-minute 4000000000 >"$work/listening" 2>"$work/server.log" &
pid=$!
for ((i = 0; i < 600; i++)); do
  base=$(sed -n 's/^listening on //p' "$work/listening")
  [ -n "$base" ] && curl -fs "$base/readyz" >/dev/null && curl -fs "$base/v1/suggest?text=a" >/dev/null && break
  sleep 0.1
done
[ -n "$base" ] || die "the server did not become ready: $(tail -3 "$work/server.log")"
"$(program bench_cases)" "${base##*:}" "$work" "$work/queries.txt" "$send_seconds" "$photos" "$out/cases.json"
curl -fs "$base/metrics" | sed -n 's/^yizhan_store_\(commits\|writes\)_total /\1: /p'
