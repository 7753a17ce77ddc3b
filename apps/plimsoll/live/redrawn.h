// SPDX-License-Identifier: Apache-2.0
// Redrawn: what `watch` and `top` have in common: a view on standard output, drawn anew until somebody has seen enough.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apps/plimsoll/signals.h"
#include "plimsoll/base/result.h"
#include "plimsoll/base/time.h"
#include "plimsoll/view/page.h"
#include "plimsoll/view/screen.h"

namespace plimsoll::cli {

class Redrawn {
public:
    static Result<Redrawn> open();

    void draw(const std::function<std::vector<std::string>(const view::Page&)>& lines);
    /// Lines that stay, above what is drawn.
    void print(const std::string& text);
    void clear();
    /// Waits so long. False: Ctrl-C or its like has come, and the view is gone. Ctrl-Z stops here.
    bool wait(Duration span);

private:
    explicit Redrawn(Signals signals) : signals_(std::move(signals)) {}
    Signals signals_;
    view::Screen screen_;
    view::Page page_;
};

}  // namespace plimsoll::cli
