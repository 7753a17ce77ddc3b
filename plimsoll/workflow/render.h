// SPDX-License-Identifier: Apache-2.0
// Filling in templates: paths and values as they are, commands quoted for the shell.
#pragma once

#include <optional>
#include <string>

#include "plimsoll/model/task.h"
#include "plimsoll/workflow/problem.h"
#include "plimsoll/workflow/scope.h"
#include "plimsoll/workflow/template.h"
#include "plimsoll/workflow/value.h"

namespace plimsoll::workflow {

/// The words that the template gives. A list in it gives one word for each of its items; several lists
/// go side by side and must be of one length. Nothing, with the problems told, when a placeholder does
/// not resolve.
std::optional<Value> render_words(const Template& text, const Scope& scope, Problems& problems);

/// The text that the template gives, lists with blanks between.
std::optional<std::string> render_text(const Template& text, const Scope& scope, Problems& problems);

/// The command: every word quoted for the shell unless ':raw', {cpu} and {memory} as slots. A word that
/// would need quotes where the template itself stands within quotes is a problem.
std::optional<Command> render_command(const Template& text, const Scope& scope, Problems& problems);

}  // namespace plimsoll::workflow
