#include "base/json_reader.hpp"

#include <fmt/format.h>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <charconv>
#include <limits>

namespace mw {
namespace {

const char* kind_name(const boost::json::value& value) {
    switch (value.kind()) {
        case boost::json::kind::null:
            return "null";
        case boost::json::kind::bool_:
            return "a boolean";
        case boost::json::kind::int64:
        case boost::json::kind::uint64:
        case boost::json::kind::double_:
            return "a number";
        case boost::json::kind::string:
            return "a string";
        case boost::json::kind::array:
            return "a list";
        case boost::json::kind::object:
            return "an object";
    }
    return "something else";
}

}  // namespace

result<boost::json::value> parse_json(std::string_view text) {
    boost::json::error_code error;
    boost::json::parse_options options;
    options.max_depth = 32;
    auto value = boost::json::parse(text, error, {}, options);
    if (error)
        return fail(Errc::invalid_argument,
                    fmt::format("The body is not valid JSON ({}).", error.message()));
    return value;
}

JsonReader::JsonReader(const boost::json::value& value, std::string path)
    : object_(value.if_object()), path_(std::move(path)) {
    if (!object_)
        errors_.push_back({path_.empty() ? "body" : path_,
                           fmt::format("must be an object, not {}", kind_name(value))});
}

JsonReader::JsonReader(const RequestBody& body) : JsonReader(body.value) {
    is_form_ = body.is_form;
}

std::string JsonReader::name(std::string_view field) const {
    return path_.empty() ? std::string(field) : fmt::format("{}.{}", path_, field);
}

void JsonReader::error(std::string_view field, std::string message) {
    errors_.push_back({name(field), std::move(message)});
}

const boost::json::value* JsonReader::find(std::string_view field) const {
    return object_ ? object_->if_contains(field) : nullptr;
}

bool JsonReader::has(std::string_view field) const {
    return find(field) != nullptr;
}

bool JsonReader::is_null(std::string_view field) const {
    const auto* value = find(field);
    return value && (value->is_null() || form_text(*value) == "");
}

const boost::json::value* JsonReader::find_object(std::string_view field) {
    const auto* value = find(field);
    auto text = value ? form_text(*value) : std::nullopt;
    if (!text || !text->starts_with('{')) return value;
    auto parsed = parse_json(*text);
    return parsed ? &converted(std::move(*parsed)) : value;
}

// Of a key that was sent more than once the last counts, as in every form.
std::optional<std::string_view> JsonReader::form_text(const boost::json::value& value) const {
    if (!is_form_) return std::nullopt;
    const auto* list = value.if_array();
    const auto& last = list && !list->empty() ? list->back() : value;
    if (!last.is_string()) return std::nullopt;
    return std::string_view(last.get_string());
}

const boost::json::value& JsonReader::converted(boost::json::value value) {
    return converted_.emplace_back(std::move(value));
}

const boost::json::value& JsonReader::as_number(const boost::json::value& value) {
    auto text = form_text(value);
    if (!text) return value;
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size()) return value;
    return converted(number);
}

std::optional<double> JsonReader::as_fraction(const boost::json::value& value) const {
    if (value.is_number()) return value.to_number<double>();
    auto text = form_text(value);
    if (!text) return std::nullopt;
    double number = 0;
    auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
    return number;
}

const boost::json::value& JsonReader::as_boolean(const boost::json::value& value) {
    auto text = form_text(value);
    if (!text) return value;
    for (auto yes : {"true", "True", "1", "on"})
        if (*text == yes) return converted(true);
    for (auto no : {"false", "False", "0", "off"})
        if (*text == no) return converted(false);
    return value;
}

const boost::json::value& JsonReader::as_list(const boost::json::value& value) {
    if (!is_form_ || !value.is_string()) return value;
    std::string_view text = value.get_string();
    if (text.starts_with('['))
        if (auto parsed = parse_json(text); parsed && parsed->is_array())
            return converted(std::move(*parsed));
    boost::json::array one;
    one.push_back(value);
    return converted(std::move(one));
}

const boost::json::value* JsonReader::wanted(std::string_view field, bool required) {
    const auto* value = find(field);
    if (value && !is_null(field)) return value;
    if (required && object_) error(field, "is required");
    return nullptr;
}

bool JsonReader::read_text(std::string_view field, const boost::json::value& value, TextLimit limit,
                           std::string& out) {
    const auto* string = value.if_string();
    auto text = string ? std::string_view(*string) : form_text(value);
    if (!text) {
        error(field, fmt::format("must be a string, not {}", kind_name(value)));
        return false;
    }
    if (text->size() < limit.least)
        error(field, limit.least == 1 ? "must not be empty" : "is too short");
    else if (text->size() > limit.most)
        error(field, fmt::format("is longer than {} characters", limit.most));
    else if (text->find('\0') != text->npos)
        error(field, "must not hold a NUL character");
    else {
        out = *text;
        return true;
    }
    return false;
}

bool JsonReader::read_int(std::string_view field, const boost::json::value& given, IntLimit limit,
                          std::int64_t& out) {
    const auto& value = as_number(given);
    if (!value.is_int64()) {
        error(field, value.is_number()
                         ? std::string("must be a whole number")
                         : fmt::format("must be a whole number, not {}", kind_name(value)));
        return false;
    }
    if (value.get_int64() < limit.least || value.get_int64() > limit.most) {
        error(field, limit.most == INT64_MAX
                         ? fmt::format("must be at least {}", limit.least)
                         : fmt::format("must be from {} to {}", limit.least, limit.most));
        return false;
    }
    out = value.get_int64();
    return true;
}

void JsonReader::required(std::string_view field, std::string& out, TextLimit limit) {
    if (const auto* value = wanted(field, true)) read_text(field, *value, limit, out);
}

void JsonReader::required(std::string_view field, std::int64_t& out, IntLimit limit) {
    if (const auto* value = wanted(field, true)) read_int(field, *value, limit, out);
}

void JsonReader::keep(std::string_view field, std::string& out, TextLimit limit) {
    // Not `wanted`: the empty text is one here, also in a form.
    const auto* value = find(field);
    if (value && !value->is_null()) read_text(field, *value, limit, out);
}

void JsonReader::keep(std::string_view field, std::int64_t& out, IntLimit limit) {
    if (const auto* value = wanted(field, false)) read_int(field, *value, limit, out);
}

void JsonReader::keep(std::string_view field, int& out, IntLimit limit) {
    std::int64_t wide = out;
    const auto* value = wanted(field, false);
    if (value && read_int(field, *value, limit, wide)) out = static_cast<int>(wide);
}

void JsonReader::keep(std::string_view field, double& out, NumberLimit limit) {
    const auto* value = wanted(field, false);
    if (!value) return;
    auto number = as_fraction(*value);
    if (!number)
        error(field, fmt::format("must be a number, not {}", kind_name(*value)));
    else if (!(*number >= limit.least && *number <= limit.most))
        error(field, fmt::format("must be from {} to {}", limit.least, limit.most));
    else
        out = *number;
}

void JsonReader::keep(std::string_view field, bool& out) {
    const auto* given = wanted(field, false);
    if (!given) return;
    const auto& value = as_boolean(*given);
    if (value.is_bool())
        out = value.get_bool();
    else
        error(field, fmt::format("must be true or false, not {}", kind_name(value)));
}

template <class T, class ReadItem>
void JsonReader::read_list(std::string_view field, std::vector<T>& out, std::size_t most_items,
                           ReadItem read_item) {
    const auto* given = wanted(field, false);
    if (!given) return;
    const auto& value = as_list(*given);
    const auto* list = value.if_array();
    if (!list) return error(field, fmt::format("must be a list, not {}", kind_name(value)));
    if (list->size() > most_items)
        return error(field, fmt::format("has more than {} items", most_items));
    std::vector<T> items;
    for (std::size_t i = 0; i < list->size(); ++i) {
        T item{};
        if (!read_item(fmt::format("{}[{}]", field, i), (*list)[i], item)) return;
        items.push_back(std::move(item));
    }
    out = std::move(items);
}

void JsonReader::keep(std::string_view field, std::vector<std::string>& out,
                      std::size_t most_items) {
    read_list(field, out, most_items,
              [this](const std::string& name, const boost::json::value& value, std::string& text) {
                  return read_text(name, value, {1, 64 * 1024}, text);
              });
}

void JsonReader::keep(std::string_view field, std::vector<std::int64_t>& out,
                      std::size_t most_items) {
    read_list(field, out, most_items,
              [this](const std::string& name, const boost::json::value& value,
                     std::int64_t& number) { return read_int(name, value, {}, number); });
}

void JsonReader::keep(std::string_view field, boost::json::object& out) {
    const auto* value = find_object(field);
    if (!value || value->is_null()) return;
    if (!value->is_object())
        return error(field, fmt::format("must be an object, not {}", kind_name(*value)));
    out = value->get_object();
}

void JsonReader::optional(std::string_view field, std::optional<std::string>& out,
                          TextLimit limit) {
    std::string text;
    if (is_null(field)) return out.reset();
    const auto* value = wanted(field, false);
    if (value && read_text(field, *value, limit, text)) out = std::move(text);
}

void JsonReader::optional(std::string_view field, std::optional<std::int64_t>& out,
                          IntLimit limit) {
    std::int64_t number = 0;
    if (is_null(field)) return out.reset();
    const auto* value = wanted(field, false);
    if (value && read_int(field, *value, limit, number)) out = number;
}

void JsonReader::optional(std::string_view field, std::optional<int>& out, IntLimit limit) {
    std::int64_t number = 0;
    if (is_null(field)) return out.reset();
    const auto* value = wanted(field, false);
    if (value && read_int(field, *value, limit, number)) out = static_cast<int>(number);
}

void JsonReader::optional(std::string_view field, std::optional<bool>& out) {
    if (is_null(field)) return out.reset();
    bool flag = out.value_or(false);
    auto before = errors_.size();
    keep(field, flag);
    if (has(field) && errors_.size() == before) out = flag;
}

void JsonReader::optional(std::string_view field, std::optional<std::vector<std::string>>& out) {
    if (is_null(field)) return out.reset();
    std::vector<std::string> texts;
    auto before = errors_.size();
    keep(field, texts);
    if (has(field) && errors_.size() == before) out = std::move(texts);
}

result<> JsonReader::finish() const {
    if (errors_.empty()) return {};
    auto message = fmt::format("{}: {}", errors_.front().field, errors_.front().message);
    if (errors_.size() > 1) message += fmt::format(" (and {} more)", errors_.size() - 1);
    return std::unexpected(Error{Errc::invalid_argument, std::move(message), {}, errors_});
}

}  // namespace mw
