// SPDX-License-Identifier: Apache-2.0
// What each shell needs to ask `plimsoll complete -- WORDS` and to show the answer: a line for each word, with a tab
// before what it says; ":files" for names of files as well; ":command N" where word N begins another command line.
#include "apps/plimsoll/help/complete.h"

namespace plimsoll::cli {
namespace {

// bash cuts words at '=': those are left out, so that "--shape = fl" reads as "--shape fl".
constexpr const char* bash = R"(# plimsoll completion for bash; put into ~/.bashrc: source <(plimsoll completion bash)
_plimsoll() {
    local program=${1/#\~/$HOME} line word
    local -a typed=()
    for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
        [[ $word == "=" ]] || typed+=("$word")
    done
    word=${COMP_WORDS[COMP_CWORD]}
    [[ $word == "=" ]] && { word=; typed+=(""); }
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
        :files)
            compopt -o filenames 2>/dev/null
            while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$word")
            ;;
        :command\ *)
            if declare -F _command_offset >/dev/null; then
                _command_offset "${line#:command }"
            else
                compopt -o filenames 2>/dev/null
                while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -c -f -- "$word")
            fi
            ;;
        *)
            printf -v line %q "${line%%$'\t'*}"
            COMPREPLY+=("$line")
            ;;
        esac
    done < <("$program" complete -- "${typed[@]}" 2>/dev/null)
}
complete -F _plimsoll plimsoll
)";

constexpr const char* zsh = R"(#compdef plimsoll
# plimsoll completion for zsh; as _plimsoll in a folder of fpath, or: source <(plimsoll completion zsh)
_plimsoll() {
    local line
    local -a offered
    for line in "${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        case $line in
        '') ;;
        :files) _files ;;
        :command\ *)
            shift ${line#:command } words
            (( CURRENT -= ${line#:command } ))
            _normal
            ;;
        *) offered+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
        esac
    done
    (( $#offered )) && _describe -t plimsoll plimsoll offered
}
if [[ ${funcstack[1]} == _plimsoll ]]; then _plimsoll "$@"; else compdef _plimsoll plimsoll; fi
)";

constexpr const char* fish = R"(# plimsoll completion for fish; as ~/.config/fish/completions/plimsoll.fish
function __plimsoll_complete
    set -l typed (commandline -opc)
    set -l word (commandline -ct)
    for line in ($typed[1] complete -- $typed[2..-1] "$word" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$word"
            case ':command *'
                set -l at (string replace ':command ' '' -- $line)
                set -l rest $typed[(math $at + 1)..-1]
                complete -C (string join ' ' -- (string escape -- $rest) "$word")
            case '*'
                echo -- $line
        end
    end
end
complete -c plimsoll -f -a '(__plimsoll_complete)'
)";

}  // namespace

std::string completion_script(const std::string& shell) { return shell == "zsh" ? zsh : shell == "fish" ? fish : bash; }

}  // namespace plimsoll::cli
