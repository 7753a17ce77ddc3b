// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/yaml.h"

#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <streambuf>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace plimsoll::workflow {
namespace {

Mark mark_of(const YAML::Mark& mark) {
    return {.line = static_cast<std::uint32_t>(mark.line + 1), .column = static_cast<std::uint32_t>(mark.column + 1)};
}

/// Ends the parse from within yaml-cpp's callbacks; caught in parse_yaml().
struct Refused {
    Mark mark;
    std::string message;
};

struct Size {
    std::size_t nodes = 0, bytes = 0;
};

void add_size(const Node& node, Size& size) {
    size.nodes += 1;
    size.bytes += node.text.size();
    for (const Node& item : node.items) add_size(item, size);
    for (const Entry& entry : node.entries) {
        size.bytes += entry.key.size();
        add_size(entry.value, size);
    }
}

class Builder final : public YAML::EventHandler {
public:
    Builder(Problems& problems, const YamlLimits& limits) : problems_(problems), limits_(limits) {}
    Node take_root() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        complete(node(Node::Kind::null, mark), anchor);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        Node scalar = node(Node::Kind::scalar, mark);
        scalar.text = value;
        scalar.quoted = tag != "?";
        complete(std::move(scalar), anchor);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto named = anchors_.find(anchor);
        if (named == anchors_.end())
            throw Refused{mark_of(mark), "this alias stands within what it names; write the value out"};
        grow(named->second.second, mark);
        place(Node(named->second.first), mark_of(mark));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(node(Node::Kind::list, mark), anchor);
    }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(node(Node::Kind::map, mark), anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override { close(); }

private:
    struct Frame {
        Node node;
        YAML::anchor_t anchor = 0;
        bool has_key = false;
        std::string key;
        Mark key_mark;
        bool has_merge = false;
    };

    static Node node(Node::Kind kind, const YAML::Mark& mark) {
        Node made;
        made.kind = kind;
        made.mark = mark_of(mark);
        return made;
    }

    void grow(Size by, const YAML::Mark& mark) {
        size_.nodes += by.nodes;
        size_.bytes += by.bytes;
        if (size_.nodes > limits_.nodes_max || size_.bytes > limits_.bytes_max)
            throw Refused{
                mark_of(mark),
                "the file is too large once its aliases are written out; use a scatter over a range or files"};
    }

    void open(Node node, YAML::anchor_t anchor) {
        if (static_cast<int>(frames_.size()) >= limits_.depth_max)
            throw Refused{node.mark,
                          fmt::format("nested more than {} deep; no workflow needs that", limits_.depth_max)};
        frames_.push_back({.node = std::move(node), .anchor = anchor, .key = {}, .key_mark = {}});
    }

    void close() {
        Frame frame = std::move(frames_.back());
        frames_.pop_back();
        if (frame.has_merge) merge(frame.node);
        if (frame.node.is_map()) reject_doubled_keys(frame.node);
        complete(std::move(frame.node), frame.anchor);
    }

    void complete(Node node, YAML::anchor_t anchor) {
        const Mark mark = node.mark;
        if (!node.is_list() && !node.is_map()) grow({1, node.text.size()}, {});
        else size_.nodes += 1;
        if (anchor != 0) {
            Size size;
            add_size(node, size);
            grow(size, {});  // the copy that aliases are made from
            anchors_[anchor] = {node, size};
        }
        place(std::move(node), mark);
    }

    void place(Node node, Mark mark) {
        if (frames_.empty()) {
            root_ = std::move(node);
            return;
        }
        Frame& parent = frames_.back();
        if (parent.node.is_list()) {
            parent.node.items.push_back(std::move(node));
        } else if (!parent.has_key) {
            if (!node.is_scalar())
                throw Refused{mark, fmt::format("a key must be a plain word, not {}; quote it if it holds brackets",
                                                kind_name(node))};
            parent.has_merge |= node.text == "<<" && !node.quoted;
            parent.key = std::move(node.text);
            parent.key_mark = mark;
            parent.has_key = true;
        } else {
            parent.node.entries.push_back({std::move(parent.key), parent.key_mark, std::move(node)});
            parent.has_key = false;
        }
    }

    /// "<<: *base" stands for the entries of base that the map does not set itself.
    void merge(Node& map) {
        std::vector<Entry> own;
        std::vector<Node> bases;
        for (Entry& entry : map.entries) {
            if (entry.key != "<<") own.push_back(std::move(entry));
            else if (entry.value.is_list())
                std::move(entry.value.items.begin(), entry.value.items.end(), std::back_inserter(bases));
            else bases.push_back(std::move(entry.value));
        }
        std::unordered_set<std::string> keys;
        for (const Entry& entry : own) keys.insert(entry.key);
        for (Node& base : bases) {
            if (!base.is_map()) throw Refused{base.mark, "'<<' merges maps only; name a map, or quote the key"};
            for (Entry& entry : base.entries)
                if (keys.insert(entry.key).second) own.push_back(std::move(entry));
        }
        map.entries = std::move(own);
    }

    void reject_doubled_keys(Node& map) {
        std::unordered_map<std::string_view, Mark> seen;
        std::vector<Entry> kept;
        kept.reserve(map.entries.size());
        for (Entry& entry : map.entries) {
            const auto first = seen.find(entry.key);
            if (first != seen.end()) {
                problems_.add(
                    entry.mark,
                    fmt::format("the key '{}' stands here a second time, first on line {}; remove one of them",
                                entry.key, first->second.line));
                continue;
            }
            kept.push_back(std::move(entry));
            seen.emplace(kept.back().key, kept.back().mark);
        }
        map.entries = std::move(kept);
    }

    Problems& problems_;
    const YamlLimits& limits_;
    Node root_;
    std::vector<Frame> frames_;
    std::unordered_map<YAML::anchor_t, std::pair<Node, Size>> anchors_;
    Size size_;
};

struct Advice {
    std::string_view error;  ///< how yaml-cpp's message begins
    std::string_view reason;
    std::string_view remedy;
};

// yaml-cpp says what it missed, which is seldom what the user did.
constexpr Advice advice[] = {
    {"illegal map value", "a ': ' within a value, or a key that is indented too far",
     "quote the value, write it as a block (|), or indent keys alike"},
    {"end of map not found", "this does not continue the map above",
     "indent the keys of a map alike, and quote a value that begins with '{' or '['"},
    {"end of map flow not found", "'{' without its '}', or a quote that is not closed",
     "close it, or quote the value if the brace is part of it"},
    {"end of sequence flow not found", "'[' without its ']', or a quote that is not closed",
     "close it, or quote the value if the bracket is part of it"},
    {"end of sequence not found", "this does not continue the list above", "indent its items alike, each with '- '"},
    {"illegal block entry", "a list item where none can stand", "put the list on lines of its own below its key"},
    {"illegal EOF in scalar", "a quote that is not closed", "close it"},
    {"illegal document indicator in scalar", "a quote that is not closed", "close it"},
    {"unknown escape character", "a backslash that YAML does not know within double quotes",
     "write \\\\, or use single quotes"},
    {"the referenced anchor is not defined", "an alias (*) without its anchor (&)",
     "define the anchor above, or quote a value that begins with '*'"},
    {"alias not found after *", "'*' at the start of a value", "quote the value"},
    {"anchor not found after &", "'&' at the start of a value", "quote the value"},
    {"unknown token", "a character that cannot begin a value", "quote the value"},
};

std::string explain(const std::string& error) {
    for (const Advice& known : advice)
        if (error.starts_with(known.error)) return fmt::format("{}; {}", known.reason, known.remedy);
    return fmt::format("not valid YAML ({}); check the indentation and the quotes here", error);
}

/// The first tab in the indentation of the line, or of the one before, where yaml-cpp may not have noticed.
std::optional<Mark> tab_near(std::string_view text, Mark mark) {
    std::uint32_t line = 1;
    for (std::size_t at = 0; at < text.size() && line <= mark.line; ++line) {
        const std::string_view rest = text.substr(at);
        const std::size_t indent = std::min(rest.find_first_not_of(" \t"), rest.size());
        const std::size_t tab = rest.substr(0, indent).find('\t');
        if (line + 1 >= mark.line && tab != std::string_view::npos)
            return Mark{line, static_cast<std::uint32_t>(tab + 1)};
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) break;
        at += end + 1;
    }
    return std::nullopt;
}

void tell(const YAML::Exception& error, std::string_view text, Problems& problems) {
    const Mark mark = error.mark.is_null() ? Mark{} : mark_of(error.mark);
    if (const auto tab = tab_near(text, mark)) problems.add(*tab, "a tab in the indentation; indent with blanks");
    else problems.add(mark, explain(error.msg));
}

/// Reads a string_view without copying it.
class ViewBuffer final : public std::streambuf {
public:
    explicit ViewBuffer(std::string_view text) {
        char* begin = const_cast<char*>(text.data());  // a get area is never written to
        setg(begin, begin, begin + text.size());
    }
};

Node parse(std::string_view text, Problems& problems, const YamlLimits& limits) {
    ViewBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    Builder builder(problems, limits);
    if (!parser.HandleNextDocument(builder)) return {};
    Builder next(problems, limits);
    Node root = builder.take_root();
    if (parser.HandleNextDocument(next))
        throw Refused{next.take_root().mark, "a second document ('---'); write one workflow a file"};
    return root;
}

}  // namespace

std::optional<Node> parse_yaml(std::string_view text, Problems& problems, const YamlLimits& limits) {
    if (text.size() > limits.bytes_max) {
        problems.add({}, fmt::format("the file is larger than {} MiB; use a scatter over a range or files",
                                     limits.bytes_max >> 20));
        return std::nullopt;
    }
    try {
        return parse(text, problems, limits);
    } catch (const Refused& refused) {
        problems.add(refused.mark, refused.message);
    } catch (const YAML::Exception& error) { tell(error, text, problems); } catch (const std::exception& error) {
        problems.add({}, fmt::format("not valid YAML ({}); check the file's encoding, it must be UTF-8", error.what()));
    }
    return std::nullopt;
}

}  // namespace plimsoll::workflow
