// Reads a request's JSON object field by field, collecting every error with the field's name.
//
//   JsonReader in(body);
//   in.required("name", job.name, limits::name);
//   in.optional("dbt_version", job.dbt_version);
//   MW_CHECK(in.finish());
//
// Unknown fields are ignored, as dbt Cloud does. A nested object is read through `object()`.
// Of a form, an empty text is null for whatever is no text itself, and "4" and "true" are a number
// and a boolean where these are wanted.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mw {

// Parses a body; the error says where the text stops being JSON. At most 32 levels deep.
result<boost::json::value> parse_json(std::string_view text);

// What a client sent: JSON, or a form, whose values are all texts or lists of texts. A reader
// makes of a form's text what the field wants to be.
struct RequestBody {
    // Implicit: JSON is what bodies are unless somebody says otherwise.
    RequestBody(boost::json::value given, bool form = false)
        : value(std::move(given)), is_form(form) {}

    boost::json::value value;
    bool is_form;
};

struct TextLimit {
    std::size_t least = 0;
    std::size_t most = 64 * 1024;
};
struct NumberLimit {
    double least = 0;
    double most = 0;
};
struct IntLimit {
    std::int64_t least = INT64_MIN;
    std::int64_t most = INT64_MAX;
};

class JsonReader {
  public:
    // Anything but an object is an error that finish() gives.
    explicit JsonReader(const boost::json::value& value, std::string path = {});
    explicit JsonReader(const RequestBody& body);

    bool has(std::string_view field) const;  // present, even as null
    bool is_null(std::string_view field) const;

    // Absent or null: an error.
    void required(std::string_view field, std::string& out, TextLimit limit = {1, 64 * 1024});
    void required(std::string_view field, std::int64_t& out, IntLimit limit = {});
    // Absent or null: `out` keeps what it has.
    void keep(std::string_view field, std::string& out, TextLimit limit = {});
    void keep(std::string_view field, std::int64_t& out, IntLimit limit = {});
    void keep(std::string_view field, int& out, IntLimit limit = {INT32_MIN, INT32_MAX});
    void keep(std::string_view field, double& out, NumberLimit limit);
    void keep(std::string_view field, bool& out);
    void keep(std::string_view field, std::vector<std::string>& out, std::size_t most_items = 1000);
    void keep(std::string_view field, std::vector<std::int64_t>& out,
              std::size_t most_items = 1000);
    void keep(std::string_view field, boost::json::object& out);
    // Absent: keeps; null: empties.
    void optional(std::string_view field, std::optional<std::string>& out, TextLimit limit = {});
    void optional(std::string_view field, std::optional<std::int64_t>& out, IntLimit limit = {});
    void optional(std::string_view field, std::optional<bool>& out);
    void optional(std::string_view field, std::optional<int>& out,
                  IntLimit limit = {INT32_MIN, INT32_MAX});
    void optional(std::string_view field, std::optional<std::vector<std::string>>& out);

    // A reader of a nested object (of an empty one when absent or null). Its errors come here.
    template <class Body>
    void object(std::string_view field, Body body) {
        const auto* value = find_object(field);
        if (!value || value->is_null()) return;
        JsonReader nested(*value, name(field));
        nested.is_form_ = is_form_;
        body(nested);
        errors_.insert(errors_.end(), nested.errors_.begin(), nested.errors_.end());
    }
    // The raw value; nullptr when absent.
    const boost::json::value* find(std::string_view field) const;
    // The same; a form's text that is an object as JSON spells it is that object.
    const boost::json::value* find_object(std::string_view field);

    void error(std::string_view field, std::string message);
    // All errors as one, the first in the message, every one in `fields`.
    result<> finish() const;

  private:
    const boost::json::value* wanted(std::string_view field, bool required);
    std::optional<std::string_view> form_text(const boost::json::value& value) const;
    const boost::json::value& as_number(const boost::json::value& value);
    std::optional<double> as_fraction(const boost::json::value& value) const;
    const boost::json::value& as_boolean(const boost::json::value& value);
    const boost::json::value& as_list(const boost::json::value& value);
    const boost::json::value& converted(boost::json::value value);
    std::string name(std::string_view field) const;
    bool read_text(std::string_view field, const boost::json::value& value, TextLimit limit,
                   std::string& out);
    bool read_int(std::string_view field, const boost::json::value& value, IntLimit limit,
                  std::int64_t& out);
    // `read_item(field, value, out)` reads one item, or says what is wrong with it.
    template <class T, class ReadItem>
    void read_list(std::string_view field, std::vector<T>& out, std::size_t most_items,
                   ReadItem read_item);

    const boost::json::object* object_ = nullptr;
    std::string path_;
    bool is_form_ = false;
    std::list<boost::json::value> converted_;  // what became of a form's texts
    std::vector<FieldError> errors_;
};

}  // namespace mw
