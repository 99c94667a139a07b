// Settings: declared once each, read from the environment (`MILLWRIGHT_<KEY>`), then from a
// config file with the same keys, then the default. The environment wins.
//
// Config file: one `MILLWRIGHT_KEY=value` a line, `#` comments, optional quotes.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mw {

struct SettingSpec {
    std::string_view key;       // without the MILLWRIGHT_ prefix
    std::string_view fallback;  // as text
    std::string_view help;
    bool secret = false;
};

// Every setting there is, in the order of docs/config.md.
std::span<const SettingSpec> all_settings();

class Settings {
  public:
    // Reads the environment and, when it is set or given, the config file. Unknown
    // MILLWRIGHT_ keys in the file are an error that names the line.
    static result<Settings> load(const std::filesystem::path& config_file = {});

    // The value of a declared key; an undeclared one is a broken invariant.
    std::string get(std::string_view key) const;
    result<std::int64_t> get_int(std::string_view key, std::int64_t least, std::int64_t most) const;
    bool get_bool(std::string_view key) const;

    // A command-line flag overrides both sources.
    void set(std::string_view key, std::string value);

    // Everything that is not at its default, as environment entries for a child process.
    std::map<std::string, std::string> as_environment() const;

  private:
    std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace mw
