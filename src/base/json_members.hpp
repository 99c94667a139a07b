// The members of a JSON object, put into a tree or straight into text by the same code. Text is for
// long lists: a hundred runs have five thousand members, and a tree allocates each of them.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace mw {

// As boost::json::serialize spells them.
void append_json(std::string& out, std::string_view text);
void append_json(std::string& out, std::int64_t number);
void append_json(std::string& out, const boost::json::value& value);

// Into a tree.
class MembersOfTree {
  public:
    explicit MembersOfTree(boost::json::object& object) : object_(object) {}

    template <class T>
    void add(std::string_view name, const T& value) {
        object_[name] = value;
    }
    template <class T>
    void add(std::string_view name, const std::optional<T>& value) {
        object_[name] = value ? boost::json::value(*value) : boost::json::value(nullptr);
    }

  private:
    boost::json::object& object_;
};

// Behind what `out` holds already. Names are written as they are: without what JSON escapes.
class MembersOfText {
  public:
    explicit MembersOfText(std::string& out) : out_(out) { out_ += '{'; }
    // After the last member.
    void end() { out_ += '}'; }

    void add(std::string_view name, std::nullptr_t) {
        begin(name);
        out_ += "null";
    }
    template <std::same_as<bool> T>
    void add(std::string_view name, T value) {
        begin(name);
        out_ += value ? "true" : "false";
    }
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    void add(std::string_view name, T value) {
        begin(name);
        append_json(out_, static_cast<std::int64_t>(value));
    }
    void add(std::string_view name, std::string_view value) {
        begin(name);
        append_json(out_, value);
    }
    void add(std::string_view name, const std::string& value) {
        add(name, std::string_view(value));
    }
    void add(std::string_view name, const char* value) { add(name, std::string_view(value)); }
    template <class T>
        requires std::same_as<T, boost::json::value> || std::same_as<T, boost::json::object> ||
                 std::same_as<T, boost::json::array>
    void add(std::string_view name, const T& value) {
        begin(name);
        append_json(out_, value);
    }
    template <class T>
    void add(std::string_view name, const std::optional<T>& value) {
        if (value)
            add(name, *value);
        else
            add(name, nullptr);
    }

  private:
    void begin(std::string_view name) {
        if (out_.back() != '{') out_ += ',';
        out_ += '"';
        out_ += name;
        out_ += "\":";
    }

    std::string& out_;
};

}  // namespace mw
