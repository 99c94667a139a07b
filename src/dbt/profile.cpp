#include "dbt/profile.hpp"

#include <fmt/format.h>
#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include <boost/json/array.hpp>
#include <utility>

#include "dbt/adapters/output.hpp"

namespace mw::dbt {
namespace {

namespace json = boost::json;

class YamlWriter {
  public:
    std::string document(const json::object& root) {
        // Else yaml-cpp writes DEL as it is, which dbt's reader refuses.
        out_.SetOutputCharset(YAML::EscapeNonAscii);
        emit(root);
        return std::string(out_.c_str(), out_.size()) + "\n";
    }

  private:
    // Every text in double quotes: no value can turn into another type, or into markup.
    void emit_text(std::string_view text) { out_ << YAML::DoubleQuoted << std::string(text); }

    void emit_number(const json::value& value) {
        if (value.is_int64()) {
            out_ << value.get_int64();
        } else if (value.is_uint64()) {
            out_ << value.get_uint64();
        } else {
            // YAML 1.1 reads 1e+30 as text; a fraction makes it a number.
            std::string text = fmt::format("{}", value.get_double());
            if (auto e = text.find('e'); e != std::string::npos && !text.contains('.'))
                text.insert(e, ".0");
            out_ << text;
        }
    }

    void emit(const json::object& object) {
        out_ << YAML::BeginMap;
        for (const auto& [key, value] : object) {
            out_ << YAML::Key;
            emit_text(key);
            out_ << YAML::Value;
            emit(value);
        }
        out_ << YAML::EndMap;
    }

    void emit(const json::array& array) {
        out_ << YAML::BeginSeq;
        for (const auto& value : array)
            emit(value);
        out_ << YAML::EndSeq;
    }

    void emit(const json::value& value) {
        switch (value.kind()) {
            case json::kind::null:
                out_ << YAML::Null;
                break;
            case json::kind::bool_:
                out_ << value.get_bool();
                break;
            case json::kind::string:
                emit_text(value.get_string());
                break;
            case json::kind::object:
                emit(value.get_object());
                break;
            case json::kind::array:
                emit(value.get_array());
                break;
            case json::kind::int64:
            case json::kind::uint64:
            case json::kind::double_:
                emit_number(value);
                break;
        }
    }

    YAML::Emitter out_;
};

}  // namespace

result<std::string> render_profiles_yml(const Profile& profile) {
    if (profile.name.empty()) return fail_field("profile", "the project names no profile");
    if (profile.target_name.empty()) return fail_field("target_name", "it must not be empty");
    if (profile.threads < 1) return fail_field("threads", "it must be at least 1");
    MW_TRY(const auto* adapter, find_adapter(profile.adapter));
    MW_TRY(auto output,
           make_output(*adapter, {.connection = profile.connection,
                                  .credentials = profile.credentials,
                                  .schema = profile.schema,
                                  .threads = profile.threads,
                                  .extended_attributes = profile.extended_attributes}));
    json::object outputs;
    outputs[profile.target_name] = std::move(output);
    json::object root;
    root[profile.name] =
        json::object{{"target", profile.target_name}, {"outputs", std::move(outputs)}};
    return YamlWriter().document(root);
}

}  // namespace mw::dbt
