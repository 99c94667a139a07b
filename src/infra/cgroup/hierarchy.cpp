#include "infra/cgroup/hierarchy.hpp"

#include <algorithm>
#include <optional>
#include <ranges>
#include <string>

#include "base/files.hpp"

namespace mw::cgroup {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kProcFileMaxBytes = 1024UL * 1024;

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (auto part : std::views::split(text, separator))
        parts.emplace_back(part.begin(), part.end());
    return parts;
}

// mountinfo spells a space as \040.
std::string unescape(std::string_view text) {
    std::string plain;
    auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '7'; };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 3 < text.size() && digit(i + 1) && digit(i + 2) &&
            digit(i + 3)) {
            int code = (text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0');
            plain += static_cast<char>(code);
            i += 3;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

struct Mount {
    bool unified = false;
    fs::path root;  // the group that is seen at `place`
    fs::path place;
    std::vector<std::string> options;  // of the file system: "rw", "memory"
};

// "36 25 0:31 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory"
std::optional<Mount> read_mount(std::string_view line) {
    auto fields = split(line, ' ');
    auto dash = std::ranges::find(fields, "-");
    if (fields.size() < 6 || std::distance(dash, fields.end()) < 4) return std::nullopt;
    if (dash[1] != "cgroup" && dash[1] != "cgroup2") return std::nullopt;
    Mount mount{dash[1] == "cgroup2", unescape(fields[3]), unescape(fields[4]), {}};
    for (auto option : split(dash[3], ','))
        mount.options.emplace_back(option);
    return mount;
}

// "4:cpu,cpuacct:/user.slice", of the unified one "0::/user.slice"
struct Membership {
    std::vector<std::string> controllers;
    fs::path group;
};

std::optional<Membership> read_membership(std::string_view line) {
    auto first = line.find(':');
    auto second = first == line.npos ? first : line.find(':', first + 1);
    if (second == line.npos) return std::nullopt;
    Membership membership;
    for (auto name : split(line.substr(first + 1, second - first - 1), ','))
        if (!name.empty()) membership.controllers.emplace_back(name);
    membership.group = line.substr(second + 1);
    return membership;
}

bool shows(const Mount& mount, const Membership& membership) {
    if (mount.unified != membership.controllers.empty()) return false;
    return std::ranges::all_of(membership.controllers, [&](const std::string& name) {
        return std::ranges::find(mount.options, name) != mount.options.end();
    });
}

// The group below the mount; empty when it lies outside of what the mount shows.
std::optional<fs::path> place_of(const Mount& mount, const fs::path& group) {
    auto below = group.lexically_relative(mount.root);
    if (below.empty() || *below.begin() == "..") return std::nullopt;
    return below == "." ? mount.place : mount.place / below;
}

}  // namespace

std::string_view name_of(Controller controller) {
    switch (controller) {
        case Controller::memory:
            return "memory";
        case Controller::cpu:
            return "cpu";
        case Controller::pids:
            return "pids";
    }
    return "";
}

std::vector<Hierarchy> find_hierarchies(std::string_view mountinfo, std::string_view own_groups) {
    std::vector<Mount> mounts;
    for (auto line : split(mountinfo, '\n'))
        if (auto mount = read_mount(line)) mounts.push_back(std::move(*mount));
    std::vector<Hierarchy> found;
    std::vector<Controller> free(kControllers.begin(), kControllers.end());
    std::optional<Hierarchy> unified;
    for (auto line : split(own_groups, '\n')) {
        auto membership = read_membership(line);
        if (!membership) continue;
        Hierarchy hierarchy;
        for (auto controller : kControllers)
            if (std::ranges::find(membership->controllers, name_of(controller)) !=
                membership->controllers.end())
                hierarchy.controllers.push_back(controller);
        // One of version 1 takes its controllers away from the other, seen from here or not.
        for (auto taken : hierarchy.controllers)
            std::erase(free, taken);
        for (const auto& mount : mounts) {
            if (!shows(mount, *membership)) continue;
            auto own = place_of(mount, membership->group);
            if (!own) continue;
            hierarchy.version = mount.unified ? Version::v2 : Version::v1;
            hierarchy.mount = mount.place;
            hierarchy.own = std::move(*own);
            if (mount.unified)
                unified = hierarchy;
            else if (!hierarchy.controllers.empty())
                found.push_back(hierarchy);
            break;
        }
    }
    if (unified && !free.empty()) {
        unified->controllers = std::move(free);
        found.push_back(std::move(*unified));
    }
    return found;
}

std::vector<Hierarchy> find_hierarchies() {
    auto mounts = read_file("/proc/self/mountinfo", kProcFileMaxBytes);
    auto groups = read_file("/proc/self/cgroup", kProcFileMaxBytes);
    if (!mounts || !groups) return {};
    return find_hierarchies(*mounts, *groups);
}

}  // namespace mw::cgroup
