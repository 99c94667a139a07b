#include "graphql/language/parser.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "graphql/language/lexer.hpp"

namespace mw::graphql {
namespace {

enum class Constness { constant, variables };

class Parser {
  public:
    Parser(std::string_view text, ParseLimits limits) : lexer_(text), limits_(limits) {}

    Parsed<Document> document() {
        MW_CHECK(advance());
        Document document;
        do {
            MW_CHECK(definition(document));
        } while (token_.kind != TokenKind::end_of_file);
        return document;
    }

  private:
    // One level deeper, as long as it lives.
    struct Deeper {
        explicit Deeper(int& depth) : depth_(depth) { ++depth_; }
        Deeper(const Deeper&) = delete;
        ~Deeper() { --depth_; }
        int& depth_;
    };

    std::unexpected<RequestError> wrong(std::string what) const {
        return std::unexpected(RequestError{"Syntax Error: " + std::move(what), {token_.at}, {}});
    }
    std::unexpected<RequestError> unexpected() const {
        return wrong(fmt::format("Unexpected {}.", describe(token_)));
    }
    Parsed<void> check_depth() const {
        if (depth_ > limits_.depth)
            return wrong(fmt::format("Nested deeper than {} levels.", limits_.depth));
        return {};
    }

    Parsed<void> advance() {
        auto next = lexer_.next();
        if (!next) return std::unexpected(std::move(next).error());
        token_ = std::move(*next);
        if (++tokens_ > limits_.tokens)
            return wrong(fmt::format("Document contains more than {} tokens. Parsing aborted.",
                                     limits_.tokens));
        return {};
    }
    Parsed<bool> skip(std::string_view punctuator) {
        if (!token_.is(punctuator)) return false;
        MW_CHECK(advance());
        return true;
    }
    Parsed<void> expect(std::string_view punctuator) {
        if (!token_.is(punctuator))
            return wrong(fmt::format("Expected \"{}\", found {}.", punctuator, describe(token_)));
        return advance();
    }
    Parsed<void> expect_word(std::string_view word) {
        if (!token_.is_name(word))
            return wrong(fmt::format("Expected \"{}\", found {}.", word, describe(token_)));
        return advance();
    }
    Parsed<std::string> name() {
        if (token_.kind != TokenKind::name)
            return wrong(fmt::format("Expected Name, found {}.", describe(token_)));
        auto text = std::move(token_.text);
        MW_CHECK(advance());
        return text;
    }

    Parsed<void> definition(Document& document) {
        if (token_.is("{")) return operation(document);
        if (token_.kind != TokenKind::name) return unexpected();
        if (token_.text == "fragment") return fragment(document);
        if (token_.text == "query" || token_.text == "mutation" || token_.text == "subscription")
            return operation(document);
        return unexpected();
    }

    Parsed<void> operation(Document& document) {
        Operation made;
        made.at = token_.at;
        if (!token_.is("{")) {
            made.kind = token_.text == "mutation"       ? Operation::Kind::mutation
                        : token_.text == "subscription" ? Operation::Kind::subscription
                                                        : Operation::Kind::query;
            MW_CHECK(advance());
            if (token_.kind == TokenKind::name) {
                MW_TRY(made.name, name());
            }
            MW_TRY(made.variables, variable_definitions());
            MW_TRY(made.directives, directives(Constness::variables));
        }
        MW_TRY(made.selections, selection_set());
        document.operations.push_back(std::move(made));
        return {};
    }

    Parsed<void> fragment(Document& document) {
        Fragment made;
        made.at = token_.at;
        MW_CHECK(advance());
        if (token_.is_name("on")) return unexpected();
        MW_TRY(made.name, name());
        MW_CHECK(expect_word("on"));
        MW_TRY(made.on, name());
        MW_TRY(made.directives, directives(Constness::variables));
        MW_TRY(made.selections, selection_set());
        document.fragments.push_back(std::move(made));
        return {};
    }

    Parsed<std::vector<VariableDefinition>> variable_definitions() {
        std::vector<VariableDefinition> list;
        MW_TRY(bool open, skip("("));
        if (!open) return list;
        do {
            VariableDefinition made;
            made.at = token_.at;
            MW_CHECK(expect("$"));
            MW_TRY(made.name, name());
            MW_CHECK(expect(":"));
            MW_TRY(made.type, type());
            MW_TRY(bool given, skip("="));
            if (given) {
                MW_TRY(made.otherwise, value(Constness::constant));
            }
            MW_TRY(made.directives, directives(Constness::constant));
            list.push_back(std::move(made));
        } while (!token_.is(")"));
        MW_CHECK(advance());
        return list;
    }

    Parsed<TypeReference> type() {
        Deeper deeper(depth_);
        MW_CHECK(check_depth());
        TypeReference made;
        MW_TRY(bool list, skip("["));
        if (list) {
            MW_TRY(auto of, type());
            made.of = std::make_shared<const TypeReference>(std::move(of));
            MW_CHECK(expect("]"));
        } else {
            MW_TRY(made.name, name());
        }
        MW_TRY(made.non_null, skip("!"));
        return made;
    }

    Parsed<std::vector<Directive>> directives(Constness constness) {
        std::vector<Directive> list;
        while (token_.is("@")) {
            Directive made;
            made.at = token_.at;
            MW_CHECK(advance());
            MW_TRY(made.name, name());
            MW_TRY(made.arguments, arguments(constness));
            list.push_back(std::move(made));
        }
        return list;
    }

    Parsed<std::vector<Argument>> arguments(Constness constness) {
        std::vector<Argument> list;
        MW_TRY(bool open, skip("("));
        if (!open) return list;
        do {
            Argument made;
            made.at = token_.at;
            MW_TRY(made.name, name());
            MW_CHECK(expect(":"));
            MW_TRY(made.value, value(constness));
            list.push_back(std::move(made));
        } while (!token_.is(")"));
        MW_CHECK(advance());
        return list;
    }

    Parsed<std::vector<Selection>> selection_set() {
        Deeper deeper(depth_);
        MW_CHECK(check_depth());
        std::vector<Selection> list;
        MW_CHECK(expect("{"));
        do {
            MW_TRY(auto made, selection());
            list.push_back(std::move(made));
        } while (!token_.is("}"));
        MW_CHECK(advance());
        return list;
    }

    Parsed<Selection> selection() {
        if (token_.is("...")) return spread();
        Field made;
        made.at = token_.at;
        MW_TRY(made.name, name());
        MW_TRY(bool aliased, skip(":"));
        if (aliased) {
            made.alias = std::move(made.name);
            MW_TRY(made.name, name());
        }
        MW_TRY(made.arguments, arguments(Constness::variables));
        MW_TRY(made.directives, directives(Constness::variables));
        if (token_.is("{")) {
            MW_TRY(made.selections, selection_set());
        }
        return Selection{std::move(made)};
    }

    Parsed<Selection> spread() {
        auto at = token_.at;
        MW_CHECK(advance());
        if (token_.kind == TokenKind::name && token_.text != "on") {
            FragmentSpread made;
            made.at = at;
            MW_TRY(made.name, name());
            MW_TRY(made.directives, directives(Constness::variables));
            return Selection{std::move(made)};
        }
        InlineFragment made;
        made.at = at;
        if (token_.is_name("on")) {
            MW_CHECK(advance());
            MW_TRY(made.on, name());
        }
        MW_TRY(made.directives, directives(Constness::variables));
        MW_TRY(made.selections, selection_set());
        return Selection{std::move(made)};
    }

    Parsed<Value> value(Constness constness) {
        Deeper deeper(depth_);
        MW_CHECK(check_depth());
        if (token_.is("[")) return list(constness);
        if (token_.is("{")) return object(constness);
        if (token_.is("$")) return variable(constness);
        Value made;
        made.at = token_.at;
        switch (token_.kind) {
            case TokenKind::integer:
                made.kind = Value::Kind::integer;
                break;
            case TokenKind::floating:
                made.kind = Value::Kind::floating;
                break;
            case TokenKind::string:
            case TokenKind::block_string:
                made.kind = Value::Kind::string;
                break;
            case TokenKind::name:
                made.kind = token_.text == "true" || token_.text == "false" ? Value::Kind::boolean
                            : token_.text == "null"                         ? Value::Kind::null
                                                    : Value::Kind::enumeration;
                break;
            default:
                return unexpected();
        }
        made.text = std::move(token_.text);
        MW_CHECK(advance());
        return made;
    }

    Parsed<Value> variable(Constness constness) {
        Value made;
        made.kind = Value::Kind::variable;
        made.at = token_.at;
        auto dollar = token_;
        MW_CHECK(advance());
        if (constness == Constness::constant) {
            bool named = token_.kind == TokenKind::name;
            auto called = std::move(token_.text);
            token_ = std::move(dollar);
            return named ? wrong(fmt::format("Unexpected variable \"${}\" in constant value.",
                                             called))
                         : unexpected();
        }
        MW_TRY(made.text, name());
        return made;
    }

    Parsed<Value> list(Constness constness) {
        Value made;
        made.kind = Value::Kind::list;
        made.at = token_.at;
        MW_CHECK(advance());
        while (!token_.is("]")) {
            MW_TRY(auto item, value(constness));
            made.items.push_back(std::move(item));
        }
        MW_CHECK(advance());
        return made;
    }

    Parsed<Value> object(Constness constness) {
        Value made;
        made.kind = Value::Kind::object;
        made.at = token_.at;
        MW_CHECK(advance());
        while (!token_.is("}")) {
            MW_TRY(auto field, name());
            MW_CHECK(expect(":"));
            MW_TRY(auto given, value(constness));
            made.fields.emplace_back(std::move(field), std::move(given));
        }
        MW_CHECK(advance());
        return made;
    }

    Lexer lexer_;
    ParseLimits limits_;
    Token token_;
    std::size_t tokens_ = 0;
    int depth_ = 0;
};

}  // namespace

Parsed<Document> parse(std::string_view text, ParseLimits limits) {
    return Parser(text, limits).document();
}

}  // namespace mw::graphql
