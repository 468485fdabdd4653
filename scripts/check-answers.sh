# The main questions to a running server, for `scripts/run --check`: each answer is looked at and shown.
# Sourced with $base, $lon, $lat, $lon2, $lat2 and $accounts set.

show() { # show "what" FILTER curl-arguments...: fails unless the node expression over `a` is truthy
  local what=$1 expression=$2 answer
  shift 2
  answer=$(curl -sS --max-time 20 "$@") || die "$what: no answer"
  printf '%s' "$answer" | node -e '
    const text = require("fs").readFileSync(0, "utf8");
    let a; try { a = JSON.parse(text) } catch { a = text }
    const [what, expression] = process.argv.slice(1);
    let shown; try { shown = new Function("a", `return (${expression})`)(a) } catch {}
    if (!shown) { console.error(`!! ${what}: ${text.slice(0, 500)}`); process.exit(1) }
    console.log(`  ${what}: ${shown}`)' "$what" "$expression"
}

say "asking $base"
show "places near the centre" \
  'a.places.length && a.places.map(p => `${p.name || p.category} ${Math.round(p.distance_m)} m`).join("; ")' \
  "$base/v1/places?near=$lon,$lat&limit=3"
show "an e-bike route" '`${Math.round(a.distance_m)} m, ${Math.round(a.duration_s / 60)} min by ${a.legs[0].summary}`' \
  "$base/v1/route?from=$lon,$lat&to=$lon2,$lat2&profile=ebike"
show "the same route, as OSRM clients ask" 'a.code === "Ok" && `${a.code}, ${a.routes[0].legs[0].steps.length} steps`' \
  "$base/route/v1/ebike/$lon,$lat;$lon2,$lat2?steps=true"
show "the areas there" '`${a.areas.map((area) => area.name).join(", ") || "none"}`' "$base/v1/areas?at=$lon,$lat"

photo=$(mktemp --suffix=.png)
# A picture of one colour, so that no photo has to come along.
base64 -d >"$photo" <<'PNG'
iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mM4UaFBEmIY1TCqYfhqAAADaGgQ4a3ZQQAAAABJRU5ErkJggg==
PNG
report=$(curl -sS --max-time 20 -H "Idempotency-Key: check-$RANDOM$RANDOM$RANDOM" -F category=manhole -F "lon=$lon" \
  -F "lat=$lat" -F accuracy=8 -F "description=井盖松动" -F "photo=@$photo;type=image/png" "$base/v1/reports")
rm -f "$photo"
id=$(printf '%s' "$report" | node -p 'JSON.parse(require("fs").readFileSync(0)).id ?? ""')
[ -n "$id" ] || die "sending a report: $report"
show "a report, read back" '`${a.id} ${a.state} in ${a.area?.name ?? "no area"}, ${a.photos.length} photo`' "$base/v1/reports/$id"

password=$(awk '$1 == "admin" { print $3 }' "$accounts")
token=$(printf '{"name":"admin","password":"%s"}' "$password" |
  curl -sS --max-time 20 -H 'Content-Type: application/json' --data-binary @- "$base/v1/sessions" |
  node -p 'JSON.parse(require("fs").readFileSync(0)).token ?? ""')
[ -n "$token" ] || die "signing in as admin failed"
show "the staff's queue" '`${a.reports.length} reports`' -H "Authorization: Bearer $token" "$base/v1/reports?limit=5"
show "a tile style" 'a.version === 8 && Object.keys(a.sources).join(", ")' "$base/tiles/style.json"
show "the page" '/<div id="app"/.test(a) && "served"' "$base/"
say "all answered"
