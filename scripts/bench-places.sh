# Sourced by scripts/bench. All servers are started here on free ports, over data in a temporary folder,
# and stopped at the end.

echo "--- in process, beside nanoflann and GEOS"
"$(program bench_places)" "$out/places.json"

work=$(mktemp -d "${TMPDIR:-/tmp}/bench-places.XXXXXX")
chmod 755 "$work"
pids=() postgres_data=
stop_servers() {
  if [ -n "$postgres_data" ]; then as_postgres "$postgres/pg_ctl" -D "$postgres_data" -m immediate -s stop || true; fi
  if [ ${#pids[@]} != 0 ]; then
    kill "${pids[@]}" 2>/dev/null || true
    wait "${pids[@]}" 2>/dev/null || true
  fi
  pids=() postgres_data=
}
trap 'stop_servers; rm -rf "$work"' EXIT

free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'; }

# PostgreSQL refuses to run as root: then it is its own user's.
postgres=$(dirname "$(find /usr/lib/postgresql -name initdb | sort -V | tail -1)")
as_postgres() {
  if [ "$(id -u)" = 0 ]; then
    (cd "$work" && setpriv --reuid=postgres --regid=postgres --clear-groups "$@")
  else
    "$@"
  fi
}

start_yizhan() { # start_yizhan FOLDER: sets base
  : >"$1/listening"
  "$bin/bin/yizhan" serve --data "$1/data" --listen 127.0.0.1:0 --log-level warn \
    --requests-per-minute 4000000000 >"$1/listening" 2>"$1/server.log" &
  pids+=($!)
  for ((i = 0; i < 1200; i++)); do
    base=$(sed -n 's/^listening on //p' "$1/listening")
    # The names are read beside the first answers; what they take is not to be measured with those.
    [ -n "$base" ] && curl -fs "$base/v1/suggest?text=a" >/dev/null && return
    sleep 0.1
  done
  die "the server did not become ready: $(tail -3 "$1/server.log")"
}

start_fixed() { # start_fixed FOLDER: sets fixed; its body is as long as the first answer
  local size
  size=$(curl -s "$base$(head -1 "$1/queries.txt")" | wc -c)
  "$(program bench_fixed_body)" "$size" >"$1/fixed" &
  pids+=($!)
  while [ ! -s "$1/fixed" ]; do sleep 0.1; done
  fixed=http://127.0.0.1:$(cat "$1/fixed")
}

start_redis() { # start_redis FOLDER: sets redis_port; one sorted set a category
  redis_port=$(free_port)
  redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --appendonly no --dir "$1" >"$1/redis.log" &
  pids+=($!)
  for ((i = 0; i < 100; i++)); do
    redis-cli -p "$redis_port" ping >/dev/null 2>&1 && break
    sleep 0.1
  done
  awk -F, '{ print "GEOADD", $2, $3, $4, $1 }' "$1/points.csv" | redis-cli -p "$redis_port" --pipe >/dev/null
}

# The ten nearest by the spheroid, from an index of the category's own over rows that lie along a curve.
nearest_sql="SELECT id, name, category, address, hours, source, lon, lat, m FROM (SELECT id, name, category,
 address, hours, source, lon, lat, at <-> ST_MakePoint(\$1::float8, \$2::float8)::geography AS m FROM places
 WHERE category = 'CATEGORY' ORDER BY at <-> ST_MakePoint(\$1::float8, \$2::float8)::geography LIMIT 10) AS ten
 WHERE m <= 5000"

start_postgres() { # start_postgres FOLDER: sets postgres_port
  mkdir "$1/postgres"
  if [ "$(id -u)" = 0 ]; then chown postgres "$1/postgres"; fi
  as_postgres "$postgres/initdb" -D "$1/postgres/data" -U bench -A trust -E UTF8 --no-sync >"$1/initdb.log"
  postgres_port=$(free_port)
  postgres_data=$1/postgres/data
  as_postgres "$postgres/pg_ctl" -D "$postgres_data" -s -w -l "$1/postgres/log" -o "-p $postgres_port -k $1/postgres \
    -c listen_addresses=127.0.0.1 -c shared_buffers=1GB -c max_connections=80 -c jit=off -c fsync=off \
    -c work_mem=64MB -c maintenance_work_mem=512MB -c max_wal_size=4GB -c random_page_cost=1.1" start
  ask_postgres=(psql -h 127.0.0.1 -p "$postgres_port" -U bench -d postgres -v ON_ERROR_STOP=1 -q)
  "${ask_postgres[@]}" >"$1/psql.log" 2>&1 <<SQL
CREATE EXTENSION postgis;
CREATE UNLOGGED TABLE points (id bigint, category text, lon float8, lat float8);
\\copy points FROM '$1/points.csv' WITH (FORMAT csv)
CREATE UNLOGGED TABLE places AS SELECT id, '站点' || id AS name, category, '第' || id || '号' AS address,
  'Mo-Su 08:00-20:00' AS hours, 'bench:' || id AS source, lon, lat, ST_MakePoint(lon, lat)::geography AS at
  FROM points ORDER BY category, ST_SetSRID(ST_MakePoint(lon, lat), 4326);
CREATE INDEX ON places USING gist (at) WHERE category = 'rest_station';
CREATE INDEX ON places USING gist (at) WHERE category = 'toilet';
CREATE INDEX ON places USING gist (at) WHERE category = 'fuel';
CREATE INDEX ON places USING gist (at) WHERE category = 'charging';
VACUUM ANALYZE places;
SQL
}

ask_wrk() { # ask_wrk URL: "requests/s p50_us p99_us errors bytes"
  local bytes
  bytes=$(curl -s "$1$(head -1 "$QUERIES")" | wc -c)
  echo "$(wrk -t1 -c64 -d"${seconds}s" -s "$root/tests/bench/queries.lua" "$1" | sed -n 's/^RESULT //p') $bytes"
}
ask_other() { "$(program bench_ask)" "$1" "$2" "$3/q.txt" "$seconds" 64 "${4:-}"; }

contest() { # contest PLACES FOLDER
  mkdir -p "$2/data"
  "$(program bench_fill)" "$1" "$2/data" "$2/q.txt" "$2/points.csv"
  awk '{ print "/v1/places?near=" $1 "," $2 "&category=" $3 "&radius=5000&limit=10" }' "$2/q.txt" >"$2/queries.txt"
  export QUERIES=$2/queries.txt
  start_yizhan "$2"
  start_fixed "$2"
  start_redis "$2"
  start_postgres "$2"
  local round
  for round in 1 2 3; do # turn about, so that a noisy minute hits all
    {
      echo "$1 yizhan $(ask_wrk "$base")"
      echo "$1 fixed-body $(ask_wrk "$fixed")"
      echo "$1 redis $(ask_other redis "$redis_port" "$2")"
      echo "$1 postgis $(ask_other postgres "$postgres_port" "$2" "$nearest_sql")"
      echo "$1 yizhan-by-bench_ask $(ask_other http "${base##*:}" "$2")"
    } >>"$work/runs"
  done
  stop_servers
}

echo "--- over loopback: 64 connections, keep-alive, $seconds s a round, medians of three rounds; HTTP is asked by wrk, Redis and
PostgreSQL by bench_ask, which for comparison asks ours, too"
sizes=(200000 2000000)
if ((quick)); then sizes=(200000); fi
for places in "${sizes[@]}"; do contest "$places" "$work/$places"; done
node "$root/tests/bench/loopback.mjs" "$work/runs" "$out/places-loopback.json"

echo "--- loading ${sizes[-1]} places from the database into a snapshot"
large=$work/${sizes[-1]}
"$(program bench_load)" "$large/data" "$root/data/categories" "$out/places-load.json"

echo "--- edits by PUT among ${sizes[-1]} places, while wrk asks over 64 connections"
export QUERIES=$large/queries.txt
printf 'long enough 7\n' | "$bin/bin/yizhan" user add admin --role city_admin --password-stdin --data "$large/data" >/dev/null
start_yizhan "$large"
before=$(ask_wrk "$base")
ask_wrk "$base" >"$work/during" &
asking=$!
sleep 0.5
node "$root/tests/bench/edit.mjs" "$base" admin 'long enough 7' "$((2 * seconds))" >"$work/edits"
wait "$asking"
node -e '
  const [before, during, edits, out] = process.argv.slice(1);
  const read = (text) => { const [requests_per_s, p50_us, p99_us, errors] = text.trim().split(" ").map(Number);
    return { requests_per_s, p50_us, p99_us, errors } };
  const result = { ...JSON.parse(edits), before: read(before), during: read(during) };
  const e = result.from_acknowledgement, s = result.from_sending;
  console.log(`${result.edits} edits: shown ${e.median_ms} ms after they were acknowledged (at most ${e.most_ms}), ${s.median_ms} ms after they were sent (at most ${s.most_ms})`);
  for (const when of ["before", "during"])
    console.log(`${when}: ${result[when].requests_per_s} requests/s, p99 ${result[when].p99_us} us, ${result[when].errors} errors`);
  require("fs").writeFileSync(out, JSON.stringify(result, null, 2) + "\n");
' "$before" "$(cat "$work/during")" "$(cat "$work/edits")" "$out/places-edits.json"
stop_servers
echo "written to ${out#"$root"/}/places*.json"
