#include "corpora/addresses.h"

#include <fmt/format.h>

namespace evalzip {
namespace {

// A registry serves SCOPE/NAME in version V as SCOPE/NAME/-/NAME-V.tgz.
std::string archive_address(std::string registry, const NpmPackage& package) {
  while (registry.ends_with('/')) registry.pop_back();
  const std::string base = package.name.substr(package.name.rfind('/') + 1);
  return fmt::format("{}/{}/-/{}-{}.tgz", registry, package.name, base, package.version);
}

}  // namespace

Addresses addresses_of(const ManifestFile& file, const CorpusPlaces& places) {
  Addresses addresses{.known = file.mirrors, .unknown = {}};
  if (!file.npm) return addresses;
  const bool web = places.npm_registry && (places.npm_registry->starts_with("https://") ||
                                           places.npm_registry->starts_with("http://"));
  if (web) {
    addresses.known.push_back(archive_address(*places.npm_registry, *file.npm));
  } else {
    addresses.unknown = fmt::format(
        "{} is version {} of the npm package {}, and no registry is known: set npm_config_registry "
        "to the address that `npm config get registry` prints",
        file.name, file.npm->version, file.npm->name);
  }
  return addresses;
}

std::string reason_of_failure(const Addresses& addresses, const std::string& failure) {
  if (!addresses.unknown) return failure;
  return addresses.known.empty() ? *addresses.unknown : failure + "; " + *addresses.unknown;
}

}  // namespace evalzip
