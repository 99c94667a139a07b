#include "dbt/manifest_nodes.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include "dbt/artifact_json.hpp"

namespace mw::dbt {
namespace {

namespace json = boost::json;

// What a configuration may nest is up to a project.
constexpr std::size_t kDepthMax = 200;
// The root is the first level, a section the second, a node the third.
constexpr int kSectionDepth = 1;
constexpr int kNodesDepth = 2;

// Hears the text as it is parsed, and keeps the nodes that are wanted.
class Picker {
  public:
    static constexpr std::size_t max_object_size = SIZE_MAX;
    static constexpr std::size_t max_array_size = SIZE_MAX;
    static constexpr std::size_t max_key_size = SIZE_MAX;
    static constexpr std::size_t max_string_size = SIZE_MAX;
    using Text = json::string_view;
    using Bad = json::error_code;

    explicit Picker(const std::function<bool(std::string_view)>& wanted) : wanted_(wanted) {}

    ManifestNodes take() { return std::move(nodes_); }

    bool on_document_begin(Bad&) { return true; }
    bool on_document_end(Bad&) { return true; }
    bool on_object_begin(Bad&) {
        if (depth_++ == kNodesDepth && section_ == "nodes" && wanted_(node_)) {
            keeps_ = true;
            stack_.reset();
        }
        return true;
    }
    bool on_object_end(std::size_t size, Bad&) {
        --depth_;
        if (!keeps_) return true;
        stack_.push_object(size);
        if (depth_ == kNodesDepth) {
            keeps_ = false;
            nodes_.insert_or_assign(node_, std::move(stack_.release().as_object()));
        }
        return true;
    }
    bool on_array_begin(Bad&) {
        // A section that is a list has no ids.
        if (depth_++ == kSectionDepth) section_.clear();
        return true;
    }
    bool on_array_end(std::size_t size, Bad&) {
        --depth_;
        if (keeps_) stack_.push_array(size);
        return true;
    }
    bool on_key_part(Text part, std::size_t, Bad&) {
        if (keeps_)
            stack_.push_chars(part);
        else
            key_ += part;
        return true;
    }
    bool on_key(Text last, std::size_t, Bad&) {
        if (keeps_) {
            stack_.push_key(last);
            return true;
        }
        key_ += last;
        if (depth_ == kSectionDepth) section_ = key_;
        if (depth_ == kNodesDepth) node_ = key_;
        key_.clear();
        return true;
    }
    bool on_string_part(Text part, std::size_t, Bad&) {
        if (keeps_) stack_.push_chars(part);
        return true;
    }
    bool on_string(Text last, std::size_t, Bad&) {
        if (keeps_) stack_.push_string(last);
        return true;
    }
    bool on_number_part(Text, Bad&) { return true; }
    bool on_int64(std::int64_t number, Text, Bad&) {
        if (keeps_) stack_.push_int64(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, Text, Bad&) {
        if (keeps_) stack_.push_uint64(number);
        return true;
    }
    bool on_double(double number, Text, Bad&) {
        if (keeps_) stack_.push_double(number);
        return true;
    }
    bool on_bool(bool flag, Bad&) {
        if (keeps_) stack_.push_bool(flag);
        return true;
    }
    bool on_null(Bad&) {
        if (keeps_) stack_.push_null();
        return true;
    }
    bool on_comment_part(Text, Bad&) { return true; }
    bool on_comment(Text, Bad&) { return true; }

  private:
    const std::function<bool(std::string_view)>& wanted_;
    ManifestNodes nodes_;
    json::value_stack stack_;
    std::string section_;
    std::string node_;
    std::string key_;
    int depth_ = 0;
    bool keeps_ = false;
};

}  // namespace

result<ManifestNodes> pick_nodes(std::string_view manifest,
                                 const std::function<bool(std::string_view)>& wanted) {
    json::parse_options options;
    options.max_depth = kDepthMax;
    json::basic_parser<Picker> parser(options, wanted);
    json::error_code error;
    parser.write_some(false, manifest.data(), manifest.size(), error);
    if (error) return not_of_dbt("manifest.json", error.message());
    return parser.handler().take();
}

}  // namespace mw::dbt
