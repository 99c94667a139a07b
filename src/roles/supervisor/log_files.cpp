#include "roles/supervisor/log_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.hpp"

namespace mw::supervisor {

namespace fs = std::filesystem;

RotatingFile::RotatingFile(fs::path path, std::uint64_t max_bytes, int files)
    : path_(std::move(path)), max_bytes_(max_bytes), files_(files) {
}

bool RotatingFile::open() {
    if (file_) return true;
    file_.reset(
        ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
    struct stat facts{};
    if (!file_ || ::fstat(file_.get(), &facts) != 0) return false;
    size_ = static_cast<std::uint64_t>(facts.st_size);
    return true;
}

void RotatingFile::rotate() {
    auto numbered = [&](int number) {
        return number == 0 ? path_ : fs::path(fmt::format("{}.{}", path_.string(), number));
    };
    file_.reset();
    for (int number = files_ - 1; number > 0; --number)
        // A file that is not there yet is no error.
        ::rename(numbered(number - 1).c_str(), numbered(number).c_str());
    if (files_ == 1) ::unlink(path_.c_str());
}

bool RotatingFile::write_line(std::string_view line) {
    std::string text(line);
    text += '\n';
    if (!open()) return false;
    if (size_ > 0 && size_ + text.size() > max_bytes_) {
        rotate();
        if (!open()) return false;
    }
    if (!write_all(file_.get(), text)) {
        file_.reset();  // its size is unknown now
        return false;
    }
    size_ += text.size();
    return true;
}

void RotatingFile::append(std::string_view line) {
    if (lost_lines_ > 0 &&
        !write_line(fmt::format("({} lines could not be written here)", lost_lines_))) {
        ++lost_lines_;
        return;
    }
    lost_lines_ = write_line(line) ? 0 : 1;
}

RoleLog::RoleLog(std::string role, const fs::path& folder, bool mirror)
    : role_(std::move(role)), file_(folder / (role_ + ".log"), kMaxBytes, kFiles), mirror_(mirror) {
}

void RoleLog::line(std::string_view text) {
    file_.append(text);
    if (tail_.size() == kTailLines) tail_.pop_front();
    tail_.emplace_back(text);
    if (!mirror_) return;
    // Our own roles name themselves in their JSON lines; others are named here.
    auto shown =
        text.starts_with('{') ? fmt::format("{}\n", text) : fmt::format("{}: {}\n", role_, text);
    // Nobody may be reading any more; that is no reason to stop.
    [[maybe_unused]] bool written = write_all(STDERR_FILENO, shown);
}

}  // namespace mw::supervisor
