# Set-up shared by scripts/evalzip and scripts/test, which source it with $root, the top of the tree.
# Speaks on standard error only and changes nothing but packages (through apt-get) and $root/build.
# shellcheck shell=sh
: "${root:?the caller sets it}"

# What a failed set-up exits with: no verdict on any codec (git bisect skips such a commit).
readonly SETUP_FAILED=125
readonly USAGE_ERROR=2

say() { printf 'evalzip: %s\n' "$*" >&2; }

# logged LOG COMMAND...: runs it with its output in LOG; the end of the log is shown if it fails.
logged() {
  log=$1
  shift
  mkdir -p "${log%/*}"
  "$@" >"$log" 2>&1 </dev/null && return
  tail -n 60 "$log" >&2
  say "failed: $1 (all of its output: $log)"
  return 1
}

# packages KIND...: the names listed for these kinds.
packages() {
  for kind in "$@"; do
    sed -n "s/^$kind  *//p" "$root/scripts/packages.txt"
  done
}

# missing_packages KIND...: those of them that are not installed, on one line.
missing_packages() {
  wanted=$(packages "$@")
  # shellcheck disable=SC2016,SC2086 # the format is dpkg's; a word per package is meant
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null |
    sed -n 's/ installed$//p' | tr '\n' ' ')
  for package in $wanted; do
    case " $installed" in
      *" $package "*) ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

# installable PACKAGE...: those that apt-get could install, on one line; all if apt knows none,
# which means that its lists have not been fetched yet.
installable() {
  known=$(LC_ALL=C apt-cache policy "$@" 2>/dev/null | awk '
    /^[^ ].*:$/ { name = substr($0, 1, length($0) - 1) }
    /^  Candidate: / && $2 != "(none)" { printf "%s ", name }')
  printf '%s' "${known:-$* }"
}

may_install() {
  [ "$(id -u)" -eq 0 ] || { command -v sudo && sudo -n true; } >/dev/null 2>&1
}

# The lock time-out is for machines that fetch their security updates at boot.
apt_get() {
  set -- env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
    apt-get -y -o DPkg::Lock::Timeout=300 "$@"
  [ "$(id -u)" -eq 0 ] || set -- sudo -n "$@"
  logged "$root/build/apt-get.log" "$@"
}

# install_command PACKAGE...: what someone with the right to install would type.
install_command() {
  command="apt-get update && apt-get install -y --no-install-recommends $*"
  if [ "$(id -u)" -eq 0 ]; then
    printf '%s' "$command"
  elif command -v sudo >/dev/null; then
    printf "sudo sh -c '%s'" "$command"
  else
    printf "su -c '%s'" "$command"
  fi
}

# ask_for_packages REQUIRED OPTIONAL: for those who may not install.
ask_for_packages() {
  # shellcheck disable=SC2046,SC2086 # a word per package is meant, here and below
  line=$(install_command $(installable $1 $2))
  if [ -n "$1" ]; then
    say "packages are missing: have this line run, then try again"
    printf '%s\n' "$line" >&2
    exit $USAGE_ERROR
  fi
  say "going on without: $2(to add them: $line)"
}

# install_packages REQUIRED OPTIONAL: for those who may.
install_packages() {
  say "installing packages: $1$2"
  apt_get update || say "the package lists may be old"
  # shellcheck disable=SC2086
  if [ -n "$1" ] && ! apt_get install --no-install-recommends $1; then
    say "packages could not be installed: see to it that this works, then try again"
    printf '%s\n' "$(install_command $1)" >&2
    exit $USAGE_ERROR
  fi
  [ -n "$2" ] || return 0
  # shellcheck disable=SC2086
  found=$(installable $2)
  for package in $2; do
    case " $found" in
      *" $package "*) ;;
      *) say "this distribution has no package $package: going on without" ;;
    esac
  done
  # shellcheck disable=SC2086
  [ -z "$found" ] || apt_get install --no-install-recommends $found || say "going on without: $found"
}

# set_up PRESET PURPOSE CMAKE-ARGUMENT...: packages, then configuration; PURPOSE is program or tests.
# What was missing afterwards is kept, and nothing is done again while that stays so.
set_up() {
  tree=$root/build/$1
  case $2 in
    program) required_kinds=build optional_kinds=codec ;;
    tests) required_kinds="build test" optional_kinds="codec check" ;;
  esac
  state=packages-$2
  preset=$1
  shift 2
  if [ "$(package_state)" != "$(cat "$root/build/$state" 2>&1)" ]; then
    provide_packages
    package_state >"$root/build/$state"
  fi
  if [ ! -f "$tree/build.ninja" ] || ! cmp -s "$root/build/$state" "$tree/$state"; then
    configure "$@"
    cp "$root/build/$state" "$tree/$state"
  fi
}

package_state() {
  # shellcheck disable=SC2086 # a word per kind is meant
  cksum <"$root/scripts/packages.txt" && missing_packages $required_kinds $optional_kinds
}

provide_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086
    say "no apt-get here; needed, by Debian's names: $(packages $required_kinds | tr '\n' ' ')"
    return
  fi
  # shellcheck disable=SC2086
  required=$(missing_packages $required_kinds) optional=$(missing_packages $optional_kinds)
  if [ -z "$required$optional" ]; then
    return
  elif may_install; then
    install_packages "$required" "$optional"
  else
    ask_for_packages "$required" "$optional"
  fi
}

# A tree keeps the launcher it began with, because another one would rebuild all of it.
configure() {
  if ! command -v cmake >/dev/null || ! command -v ninja >/dev/null; then
    say "cmake and ninja are needed: install them, then try again"
    exit $USAGE_ERROR
  fi
  if [ ! -f "$tree/CMakeCache.txt" ] && command -v ccache >/dev/null && [ -w "${HOME:-/nowhere}" ]; then
    set -- "$@" -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache
  fi
  (cd "$root" && logged "$root/build/$preset-configure.log" cmake --preset "$preset" "$@") ||
    exit $SETUP_FAILED
}

# build PRESET TARGET...
build() {
  tree=$root/build/$1
  build_log=$root/build/$1-build.log
  shift
  # Clones in other folders share one ccache.
  status=$({
    {
      NINJA_STATUS='[%f/%t] ' CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 \
        cmake --build "$tree" --target "$@" 2>&1 </dev/null
      echo $? >&3
    } | tee "$build_log" | show_progress
  } 3>&1)
  [ "$status" -eq 0 ] && return
  tail -n 60 "$build_log" >&2
  say "the build failed (all of its output: $build_log)"
  exit $SETUP_FAILED
}

# Ninja's "[12/140] ..." lines in, a counter on a terminal or a few lines elsewhere out.
show_progress() {
  quarter=-1
  while IFS= read -r line; do
    counts=${line%%\]*}
    case $counts in
      \[[0-9]*/[0-9]*) ;;
      *) continue ;;
    esac
    counts=${counts#\[}
    if [ -t 2 ]; then
      quarter=0
      printf '\revalzip: building %s ' "$counts" >&2
    elif [ $((4 * ${counts%/*} / ${counts#*/})) -ne $quarter ]; then
      quarter=$((4 * ${counts%/*} / ${counts#*/}))
      say "building $counts"
    fi
  done
  if [ -t 2 ] && [ $quarter -eq 0 ]; then printf '\r\033[K' >&2; fi
}

# One at a time in this tree, where the system has flock. The lock is on descriptor 9.
lock_tree() {
  mkdir -p "$root/build"
  exec 9>"$root/build/lock"
  command -v flock >/dev/null || return 0
  flock -n 9 || { say "waiting for another build of this tree" && flock 9; }
}
unlock_tree() { exec 9>&-; }
