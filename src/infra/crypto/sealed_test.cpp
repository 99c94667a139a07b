#include "infra/crypto/sealed.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "infra/crypto/random.hpp"

namespace mw::crypto {
namespace {

class TemporaryFolder {
  public:
    TemporaryFolder()
        : path_(std::filesystem::path(testing::TempDir()) / ("mw_sealed_" + random_hex(6))) {
        std::filesystem::create_directories(path_);
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    std::filesystem::path operator/(const char* name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

unsigned mode_of(const std::filesystem::path& file) {
    struct stat facts{};
    EXPECT_EQ(::stat(file.c_str(), &facts), 0);
    return facts.st_mode & 0777;
}

TEST(Sealer, OpensWhatItSealed) {
    Sealer sealer(DataKey::generate());
    for (const std::string& text : {std::string(), std::string("p"), std::string(70'000, 'x'),
                                    std::string("nul\0inside", 10)}) {
        auto sealed = sealer.seal(Secret(text), "credentials:42");
        auto opened = sealer.open(sealed, "credentials:42");
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_EQ(opened->reveal(), text);
        if (text.size() > 4) EXPECT_EQ(sealed.find(text), std::string::npos);
    }
}

TEST(Sealer, SameTextSealsDifferently) {
    Sealer sealer(DataKey::generate());
    EXPECT_NE(sealer.seal(Secret("x"), "a"), sealer.seal(Secret("x"), "a"));
}

TEST(Sealer, MovedToAnotherRowDoesNotOpen) {
    Sealer sealer(DataKey::generate());
    auto sealed = sealer.seal(Secret("password"), "credentials:42");
    for (const char* context : {"credentials:43", "credentials:4", "credentials:420", ""})
        EXPECT_EQ(sealer.open(sealed, context).error().code, Errc::internal) << context;
}

TEST(Sealer, AnyChangedByteIsNoticed) {
    Sealer sealer(DataKey::generate());
    auto sealed = sealer.seal(Secret("password"), "c");
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        auto damaged = sealed;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        auto opened = sealer.open(damaged, "c");
        ASSERT_FALSE(opened) << "byte " << at;
        EXPECT_EQ(opened.error().message.find("password"), std::string::npos);
    }
}

TEST(Sealer, AnyShorterOrLongerIsNoticed) {
    Sealer sealer(DataKey::generate());
    auto sealed = sealer.seal(Secret("password"), "c");
    for (std::size_t size = 0; size < sealed.size(); ++size)
        EXPECT_FALSE(sealer.open(sealed.substr(0, size), "c")) << size;
    EXPECT_FALSE(sealer.open(sealed + "x", "c"));
}

TEST(Sealer, RotationOpensOldAndSealsNew) {
    auto old_key = DataKey::generate();
    auto new_key = DataKey::generate();
    auto old_sealed = Sealer(old_key).seal(Secret("v"), "c");
    Sealer rotated(new_key, {old_key});
    ASSERT_TRUE(rotated.open(old_sealed, "c"));
    EXPECT_TRUE(rotated.needs_reseal(old_sealed));
    auto new_sealed = rotated.seal(Secret("v"), "c");
    EXPECT_FALSE(rotated.needs_reseal(new_sealed));
    EXPECT_TRUE(Sealer(new_key).open(new_sealed, "c"));
    EXPECT_FALSE(Sealer(new_key).open(old_sealed, "c"));
    EXPECT_FALSE(rotated.needs_reseal("rubbish"));
}

TEST(MasterKey, WrapsAndUnwraps) {
    TemporaryFolder folder;
    auto master = ensure_master_key(folder / "master.key");
    ASSERT_TRUE(master) << master.error().message;
    auto data_key = DataKey::generate();
    auto wrapped = master->wrap_data_key(data_key);
    EXPECT_EQ(wrapped.find(data_key.bytes()), std::string::npos);
    auto unwrapped = master->unwrap_data_key(wrapped);
    ASSERT_TRUE(unwrapped) << unwrapped.error().message;
    EXPECT_EQ(unwrapped->bytes(), data_key.bytes());
    wrapped.back() = static_cast<char>(wrapped.back() ^ 1);
    EXPECT_FALSE(master->unwrap_data_key(wrapped));
    EXPECT_FALSE(master->unwrap_data_key(""));
}

TEST(MasterKey, AnotherMasterKeyIsNamedAsTheReason) {
    TemporaryFolder folder;
    auto one = ensure_master_key(folder / "one"), two = ensure_master_key(folder / "two");
    ASSERT_TRUE(one && two);
    EXPECT_NE(one->id(), two->id());
    auto unwrapped = two->unwrap_data_key(one->wrap_data_key(DataKey::generate()));
    ASSERT_FALSE(unwrapped);
    EXPECT_NE(unwrapped.error().message.find("another master key"), std::string::npos);
}

TEST(MasterKey, FileIsMadeOnceAndPrivate) {
    TemporaryFolder folder;
    auto old_mask = ::umask(0);
    auto first = ensure_master_key(folder / "master.key");
    ::umask(old_mask);
    ASSERT_TRUE(first);
    EXPECT_EQ(mode_of(folder / "master.key"), 0600U);
    auto second = ensure_master_key(folder / "master.key");
    ASSERT_TRUE(second);
    EXPECT_EQ(first->id(), second->id());
    // Nothing temporary stays behind.
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / "."), {}), 1);
}

TEST(MasterKey, ConcurrentStartersAgree) {
    TemporaryFolder folder;
    std::vector<std::string> ids(8);
    {
        std::vector<std::jthread> threads;
        for (auto& id : ids)
            threads.emplace_back([&] { id = ensure_master_key(folder / "k").value().id(); });
    }
    for (const auto& id : ids)
        EXPECT_EQ(id, ids.front());
}

TEST(MasterKey, SharedFileIsRefusedAndKept) {
    TemporaryFolder folder;
    auto file = folder / "master.key";
    ASSERT_TRUE(ensure_master_key(file));
    for (unsigned mode : {0640U, 0604U, 0620U, 0602U}) {
        ASSERT_EQ(::chmod(file.c_str(), mode), 0);
        auto refused = ensure_master_key(file);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Errc::forbidden);
        EXPECT_NE(refused.error().message.find("chmod 600"), std::string::npos);
    }
    ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
    EXPECT_TRUE(ensure_master_key(file));
}

TEST(MasterKey, DamagedFileIsAnErrorAndKept) {
    TemporaryFolder folder;
    auto file = folder / "master.key";
    auto good = random_token("mwk1:");
    for (const std::string& text :
         {std::string(), std::string("mwk1:"), std::string("mwk1:short"), good + "A",
          good.substr(5), good + "\nmore", std::string("mwk1:") + std::string(43, '!')}) {
        {
            std::ofstream(file) << text;
            ::chmod(file.c_str(), 0600);
        }
        auto loaded = ensure_master_key(file);
        ASSERT_FALSE(loaded) << text;
        EXPECT_EQ(loaded.error().code, Errc::invalid_argument);
        EXPECT_EQ(std::filesystem::file_size(file), text.size());
    }
    EXPECT_TRUE(MasterKey::parse(Secret(good + "\r\n")));
}

TEST(MasterKey, FolderInPlaceOfTheFileIsRefused) {
    TemporaryFolder folder;
    std::filesystem::create_directory(folder / "master.key");
    EXPECT_EQ(ensure_master_key(folder / "master.key").error().code, Errc::forbidden);
}

TEST(MasterKey, MissingFolderIsSaid) {
    TemporaryFolder folder;
    auto made = ensure_master_key(folder / "no" / "master.key");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::not_found);
}

}  // namespace
}  // namespace mw::crypto
